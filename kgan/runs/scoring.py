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
from kgan.metrics import Classifier, Evaluator


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

    @property
    def labelled(self):
        """Whether samples can be scored: by a classifier of two classes or more."""
        return self.train.y is not None and self.train.num_classes > 1

    def evaluator(self, metrics=None):
        """Returns the `Evaluator` of `make_evaluator`."""
        return make_evaluator(self.train, self.test, metrics)

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


def make_evaluator(train, test=None, metrics=None):
    """Returns an `Evaluator` by a classifier of a data set.

    The reference is the test split, or without one the training images; then the
    classifier's accuracy is measured on a tenth of them that it was not trained on.

    Args:
        train: `Samples`.
        test: `Samples` or None.
        metrics: Names of metrics, or None for those that apply.

    Raises:
        ValueError: If there are no labels, those of the test split are of other
            classes, or a metric is unknown.
    """
    if train.y is None:
        raise invalid(
            "The classifier that scores samples is trained on labelled data.",
            {"data": train.name, "labels": None},
            "Put the images into one folder a class. `kgan train` does without scores "
            "by --evaluate-every 0.",
        )
    if test is not None and (test.y is None or test.num_classes > train.num_classes):
        raise invalid(
            "The test split must be labelled by classes of the train split.",
            {"classes": test.num_classes, "classes of train": train.num_classes},
            "Correct the labels, or remove the test split.",
        )
    held_out = () if test is None else (test.x, test.y)
    classifier = Classifier.for_data(
        train.x, train.y, *held_out, num_classes=train.num_classes
    )
    real = train if test is None else test
    return Evaluator(classifier, real.x, real.y, metrics)
