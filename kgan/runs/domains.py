"""Data of two domains in a run, and the scores of generated pairs."""

import dataclasses

import numpy as np
from scipy.ndimage import grey_dilation

from kgan.data import Samples
from kgan.metrics import label_agreement
from kgan.runs.scoring import (
    Splits,
    checksum,
    make_evaluator,
    read_splits,
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

    def evaluator(self, metrics=None):
        return PairEvaluator(self.train, self.test, metrics)

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
    """Scores pairs, each image by the classifier of its domain: see `Evaluator`.

    The names of the domains' scores end in `_a` and `_b`; `fd` is the mean of both
    Fréchet distances. Where both domains have the same classes, `pair_agreement` is the
    share of pairs whose two images are of one class to the classifiers.

    Args:
        train: `Domains`, both with labels.
        test: `Domains`, or None.
        metrics: Names of metrics, or None for `fd`.

    Raises:
        ValueError: As `make_evaluator`.
    """

    def __init__(self, train, test=None, metrics=None):
        metrics = metrics or ["fd"]
        self.domains = {
            "a": make_evaluator(train.a, test and test.a, metrics),
            "b": make_evaluator(train.b, test and test.b, metrics),
        }
        classes = [(s.num_classes, s.class_names) for s in (train.a, train.b)]
        self.same_classes = classes[0] == classes[1]

    def evaluate(self, generate, num_samples=1000, conditional=False, seed=0):
        """Scores pairs, and says what the numbers rest on: see `Evaluator.evaluate`."""
        scores = self.score(generate, num_samples, conditional, seed)
        basis = {"num_samples": num_samples}
        for suffix, domain in zip(("", "_b"), self.domains.values(), strict=True):
            basis[f"num_real{suffix}"] = len(domain.real)
            basis[f"classifier_accuracy{suffix}"] = domain.classifier.accuracy
            basis[f"features{suffix}"] = domain.classifier.hash
        return scores | basis

    def score(self, generate, num_samples=1000, conditional=False, seed=0):
        """Returns the scores of `evaluate` alone, a dict by name."""
        pairs = generate(num_samples, seed=seed)
        scores, seen = {}, []
        for name, domain in self.domains.items():
            found = domain.compare(pairs[name])
            scores |= {f"{key}_{name}": value for key, value in found.items()}
            seen.append(domain.classifier.predict(pairs[name]))
        if "fd_a" in scores:
            scores = {"fd": (scores["fd_a"] + scores["fd_b"]) / 2, **scores}
        if self.same_classes:
            scores["pair_agreement"] = label_agreement(*seen)
        return scores
