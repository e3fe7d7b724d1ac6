"""Real data of a run: its splits, what trains on them, and what scores against them.

`Splits` says what a run asks of its data, `kgan.runs.domains.PairSplits` the same of
data of two domains.
"""

import dataclasses
import zlib

import numpy as np

from kgan import data
from kgan._core.errors import invalid
from kgan.data import Samples
from kgan.data.loading import has_split
from kgan.metrics import Evaluator, features
from kgan.metrics.features.self_supervised import FEWEST

# Real images that samples are compared with at most, evenly picked.
MOST_REAL = 60_000


@dataclasses.dataclass(frozen=True)
class Splits:
    """The train and the test split of a data set, and what a run does with them.

    Args:
        train: The training `Samples`.
        test: The `Samples` of the test split, or None.
    """

    train: Samples
    test: Samples | None

    @classmethod
    def read(cls, given, image_shape=None):
        """Reads the splits.

        Args:
            given: Dict of `data`, of `data_b` where there are two domains, and of
                `value_range` where it was said.
            image_shape: As for `kgan.data.read`.
        """
        return cls(*read_splits(given["data"], image_shape, value_range_of(given)))

    def choose_features(self):
        """Returns the name of the extractor that scores samples where none is named.

        A classifier for two classes or more, self-supervised features for others, and
        None for fewer images than these need.
        """
        if self.train.y is not None and self.train.num_classes > 1:
            return "classifier"
        return "self-supervised" if len(self.train) >= FEWEST else None

    def evaluator(self, extractor=None, metrics=None):
        """Returns the `Evaluator` of `make_evaluator`.

        Args:
            extractor: As there; by default that of `choose_features`.
            metrics: As there.
        """
        extractor = extractor or self.choose_features() or "self-supervised"
        return self._evaluator(extractor, metrics)

    def _evaluator(self, extractor, metrics):
        return make_evaluator(self.train, self.test, extractor, metrics)

    def real_scores(self, evaluator, num_samples):
        """Returns the scores of real images, a dict: the scale of all scores.

        Training images are scored against the test split; without one, every second
        image against the others.

        Args:
            evaluator: Of `evaluator`.
            num_samples: Number of images.
        """
        images = None if self.test is None else self.train.x
        return evaluator.compare_real(images, num_samples)

    def nearest(self, evaluator, samples):
        """Returns the most similar training images to samples, as the evaluator sees.

        Args:
            evaluator: Of `evaluator`.
            samples: Of the generator.
        """
        train = spread(self.train, MOST_REAL)
        return train.x[evaluator.nearest(samples, train.x)]

    def batches(self, batch_size, seed, start, balanced=False, flip="none"):
        """Returns the endless `tf.data.Dataset` of a run, from a position on."""
        return data.batches(
            self.train,
            batch_size,
            seed=seed,
            start=start,
            repeat=True,
            balanced=balanced,
            flip=flip,
        )

    def fingerprint(self):
        """Returns what tells the training data from others, for `config.json`."""
        return {"num_samples": len(self.train), "data_crc32": checksum(self.train)}


def checksum(samples):
    """Returns the CRC-32 of the values of `Samples`."""
    return zlib.crc32(np.ascontiguousarray(samples.x))


def spread(samples, count):
    """Returns at most so many of `Samples`, evenly picked."""
    if len(samples) <= count:
        return samples
    return samples.subset(np.arange(count) * len(samples) // count)


def value_range_of(given):
    """Returns the range of values of a run's data; `given` as for `Splits.read`."""
    value_range = given.get("value_range")
    return "auto" if value_range is None else value_range


def read_splits(source, image_shape=None, value_range="auto", labels=True):
    """Reads the train and the test split of a data set.

    Args:
        source: As for `kgan.data.read`.
        image_shape: As there.
        value_range: As there.
        labels: As there.

    Returns:
        Train and test `Samples`; None for the latter if there is no test split.
    """
    options = {"value_range": value_range}
    train = data.read(source, "train", image_shape, labels=labels, **options)
    if not isinstance(source, str) or not has_split(source, "test"):
        return train, None
    image_shape = train.shape if len(train.shape) == 3 else None
    options["labels"] = train.y is not None
    return train, data.read(source, "test", image_shape, **options)


def make_evaluator(train, test, extractor, metrics=None):
    """Returns an `Evaluator` by the features of a data set.

    The reference is the test split, or without one the training images; then the
    accuracy of a network that is trained on them is measured on a tenth of them that it
    was not trained on.

    Args:
        train: `Samples`.
        test: `Samples` or None.
        extractor: Name of the feature extractor: see `kgan.metrics.features.open`.
        metrics: Names of metrics, or None for those that apply.

    Raises:
        ValueError: If the extractor needs labels and there are none, those of the test
            split are of other classes, or a metric is unknown.
    """
    labelled = extractor == "classifier"
    if labelled and train.y is None:
        raise invalid(
            "A classifier that scores samples is trained on labelled data.",
            {"data": train.name, "labels": None},
            "Put the images into one folder a class, or choose --features "
            "self-supervised.",
        )
    if (
        labelled
        and test is not None
        and (test.y is None or test.num_classes > train.num_classes)
    ):
        raise invalid(
            "The test split must be labelled by classes of the train split.",
            {"classes": test.num_classes, "classes of train": train.num_classes},
            "Correct the labels, or remove the test split.",
        )
    real = train if test is None else test
    real = spread(real, MOST_REAL)
    found = features.open(extractor, train, test)
    return Evaluator(found, real.x, real.y, metrics)
