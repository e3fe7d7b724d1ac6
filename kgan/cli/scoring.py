"""Real data on the command line: its splits, and a classifier trained on them."""

from kgan import data
from kgan._core.errors import invalid
from kgan.data.loading import has_split
from kgan.metrics import Classifier, Evaluator


def read_splits(source, image_shape=None, labels=True):
    """Reads the train and the test split of a data set.

    Args:
        source: As for `kgan.data.read`.
        image_shape: As there.
        labels: As there.

    Returns:
        Train and test `Samples`; None for the latter if there is no test split.
    """
    train = data.read(source, "train", image_shape, labels=labels)
    if not has_split(source, "test"):
        return train, None
    image_shape = train.shape if len(train.shape) == 3 else None
    return train, data.read(source, "test", image_shape, labels=train.y is not None)


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
