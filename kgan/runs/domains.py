"""Data of two domains in a run, and the scores of generated pairs."""

import dataclasses

import numpy as np
from scipy.ndimage import grey_dilation

from kgan.data import Samples
from kgan.metrics import label_agreement
from kgan.runs.scoring import (
    MOST_REAL,
    Splits,
    checksum,
    make_evaluator,
    read_splits,
    spread,
    value_range_of,
)


def _inverted(x):
    return 255 - x if x.dtype == np.uint8 else -x


def _edges(x):
    """A bright line around every bright shape, as in CoGAN's experiments."""
    edges = grey_dilation(x, size=(1, 3, 3, 1)) - x
    return edges if x.dtype == np.uint8 else edges - np.float32(1)


# Names of the domains, as a model's `domains` and its outputs have them.
NAMES = ("a", "b")
# Second domains that are made of the images of the first.
MADE = {"inverted": _inverted, "edges": _edges}
DEFAULT = "inverted"


@dataclasses.dataclass(frozen=True)
class PairSplits(Splits):
    """The splits of two domains; see `Splits`.

    Args:
        train: The training `Domains`.
        test: The `Domains` of the test split, or None.
    """

    @classmethod
    def read(cls, given, image_shape=None):
        sources, values = (given["data"], given["data_b"]), value_range_of(given)
        return cls(*read_domains(*sources, image_shape, values))

    def _evaluator(self, extractor, metrics):
        return PairEvaluator(self.train, self.test, extractor, metrics)

    def real_scores(self, evaluator, num_samples):
        images = None
        if self.test is not None:
            images = {name: getattr(self.train, name).x for name in NAMES}
        return evaluator.compare_real(images, num_samples)

    def nearest(self, evaluator, samples):
        train = {name: spread(getattr(self.train, name), MOST_REAL) for name in NAMES}
        found = evaluator.nearest(samples, {k: part.x for k, part in train.items()})
        return {name: train[name].x[found[name]] for name in NAMES}

    def batches(self, batch_size, seed, start, balanced=False, flip="none"):
        from kgan.models.cogan import unpaired

        return unpaired(*self.train.unpaired(), batch_size, seed, start, flip=flip)

    def fingerprint(self):
        return {
            "num_samples": len(self.train),
            "data_crc32": checksum(self.train.a),
            "data_b_crc32": checksum(self.train.b),
        }


@dataclasses.dataclass(frozen=True)
class Domains:
    """Images of two domains, with what a run asks of its `Samples`.

    Args:
        a: `Samples` of the first domain.
        b: `Samples` of the second, of the same shape; None for a split that it lacks.
        made: Whether `b` holds the images of `a`, changed.
    """

    a: Samples
    b: Samples | None
    made: bool

    def __len__(self):
        return len(self.a) if self.made else len(self.a) + len(self.b)

    @property
    def shape(self):
        """Shape of one image of either domain."""
        return self.a.shape

    @property
    def num_classes(self):
        return self.a.num_classes

    @property
    def condition_dim(self):
        return self.a.condition_dim

    @property
    def class_names(self):
        return self.a.class_names

    @property
    def y(self):
        """Labels of the first domain, if both have labels; otherwise None."""
        return None if self.b.y is None else self.a.y

    @property
    def name(self):
        return f"{self.a.name} and {self.b.name}"

    @property
    def licence(self):
        """Licences of both, once if they are the same; None if none is known."""
        known = dict.fromkeys(s.licence for s in (self.a, self.b) if s.licence)
        return "; ".join(known) or None

    def unpaired(self):
        """Returns the `Samples` to train on: no image is in both domains.

        Of a domain that is made of the other each has every other image, so that data
        which are sorted by class leave all classes to both.
        """
        a, b = self.a.without_labels(), self.b.without_labels()
        if self.made:
            return a.subset(slice(0, None, 2)), b.subset(slice(1, None, 2))
        return a, b


def read_domains(source, second, image_shape=None, value_range="auto"):
    """Reads the splits of two domains.

    Args:
        source: The first, as for `kgan.data.read`.
        second: The second: likewise, or one of `MADE`.
        image_shape: `(height, width, channels)`; by default that of the first.
        value_range: As for `kgan.data.read`, of both.

    Returns:
        Train and test `Domains`; None for the latter if the first domain has no test
        split.
    """
    first = read_splits(source, image_shape, value_range)
    made = isinstance(second, str) and second in MADE
    if made:
        others = [part and _make(part, second) for part in first]
    else:
        others = read_splits(second, first[0].shape, value_range)
    splits = zip(first, others, strict=True)
    return tuple(a and Domains(a, b, made) for a, b in splits)


def _make(samples, how):
    name = f"{samples.name} {how}"
    return dataclasses.replace(samples, x=MADE[how](samples.x), name=name)


class PairEvaluator:
    """Scores pairs, each image by the features of its domain: see `Evaluator`.

    The names of the domains' scores end in `_a` and `_b`; `fd` is the mean of both
    Fréchet distances. Where both domains have the same classes, `pair_agreement` is the
    share of pairs whose two images are of one class to their classifiers.

    Args:
        train: `Domains`.
        test: `Domains`, or None.
        extractor: As for `make_evaluator`.
        metrics: Names of metrics, or None for `fd`.

    Raises:
        ValueError: As `make_evaluator`.
    """

    def __init__(self, train, test, extractor, metrics=None):
        metrics = metrics or ["fd"]
        self.domains = {
            "a": make_evaluator(train.a, test and test.a, extractor, metrics),
            "b": make_evaluator(train.b, test and test.b, extractor, metrics),
        }
        self.classifies = extractor == "classifier"
        classes = [(s.num_classes, s.class_names) for s in (train.a, train.b)]
        self.same_classes = self.classifies and classes[0] == classes[1]

    def evaluate(self, generate, num_samples=1000, conditional=False, seed=0):
        """Scores pairs, and says what the numbers rest on: see `Evaluator.evaluate`."""
        first, second = (x.basis(num_samples) for x in self.domains.values())
        different = ("num_real", "classifier_accuracy", "features")
        second = {f"{k}_b" if k in different else k: v for k, v in second.items()}
        return self.score(generate, num_samples, conditional, seed) | second | first

    def score(self, generate, num_samples=1000, conditional=False, seed=0):
        """Returns the scores of `evaluate` alone, a dict by name."""
        pairs = generate(num_samples, seed=seed)
        scores = self._both(lambda name, domain: domain.compare(pairs[name]))
        if self.same_classes:
            seen = (x.classifier.predict(pairs[k]) for k, x in self.domains.items())
            scores["pair_agreement"] = label_agreement(*seen)
        return scores

    def compare_real(self, images=None, num_samples=1000):
        """Scores real images of both domains: see `Evaluator.compare_real`."""

        def score(name, domain):
            return domain.compare_real(images and images[name], num_samples)

        return self._both(score)

    def doubt(self):
        """Returns why the scores mean nothing, or None: see `Evaluator.doubt`."""
        doubts = [domain.doubt() for domain in self.domains.values()]
        return next((doubt for doubt in doubts if doubt), None)

    def nearest(self, pairs, train):
        """Returns the indices of the most similar training images: see `Evaluator`.

        Args:
            pairs: Dict of the images of both domains.
            train: Dict of the training images of both domains.
        """
        return {
            name: domain.nearest(pairs[name], train[name])
            for name, domain in self.domains.items()
        }

    def _both(self, score):
        """Returns the scores of both domains, and their mean distance."""
        scores = {}
        for name, domain in self.domains.items():
            found = score(name, domain)
            scores |= {f"{key}_{name}": value for key, value in found.items()}
        if "fd_a" in scores:
            scores = {"fd": (scores["fd_a"] + scores["fd_b"]) / 2, **scores}
        return scores
