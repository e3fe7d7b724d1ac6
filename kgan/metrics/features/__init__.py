"""Feature extractors, which metrics look through: one a file.

An extractor is an object with `features(images)`, `hash`, `name` and `accuracy`, which
may be None; one that classifies also has `predict(images)`.
"""

from kgan._core.errors import one_of
from kgan.metrics.features.classifier import Classifier
from kgan.metrics.features.efficientnet import EfficientNetLite0
from kgan.metrics.features.self_supervised import SelfSupervised

_EXTRACTORS = {
    "classifier": lambda train, test: Classifier.for_data(
        train.x,
        train.y,
        *(() if test is None else (test.x, test.y)),
        num_classes=train.num_classes,
    ),
    "self-supervised": lambda train, test: SelfSupervised.for_data(
        train.x, None if test is None else test.x
    ),
    "efficientnet": lambda train, test: EfficientNetLite0(),
}


def names():
    """Returns the names of all extractors, sorted."""
    return sorted(_EXTRACTORS)


def open(name, train=None, test=None):
    """Returns a feature extractor, trained on the data where it is of that kind.

    Args:
        name: `"classifier"`, which needs labels; `"self-supervised"`; or
            `"efficientnet"`, which needs no data.
        train: The training `kgan.data.Samples`.
        test: Those of the test split, or None.

    Raises:
        ValueError: If there is no such extractor, or it does not fit the data.

    Example:

    >>> train = kgan.data.read("photos")
    >>> extractor = kgan.metrics.features.open("self-supervised", train)
    """
    make = _EXTRACTORS[one_of("features", name, names(), "Correct the name.")]
    return make(train, test)
