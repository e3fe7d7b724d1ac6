"""Share of conditional samples that show the class that was asked for."""

import numpy as np

from kgan._core.errors import invalid
from kgan.metrics.registry import metric


def label_agreement(requested, predicted, per_class=False):
    """Share of samples whose requested label is the one a classifier predicts.

    The classifier's own test accuracy is about what a perfect generator reaches.

    Args:
        requested: Integer array `[N]`, the labels given to the generator.
        predicted: Integer array `[N]`, the classifier's labels for the samples.
        per_class: Whether to give the share for each requested class.

    Returns:
        A float in [0, 1]; with `per_class`, a dict from each requested label to one.

    Raises:
        ValueError: If the shapes differ or there are no samples.

    Example:

    >>> kgan.metrics.label_agreement([0, 0, 1, 1], [0, 1, 1, 1])  # 0.75
    """
    requested, predicted = np.asarray(requested), np.asarray(predicted)
    if requested.shape != predicted.shape or requested.ndim != 1 or not requested.size:
        raise invalid(
            "Requested and predicted labels must have the same shape [N], N positive.",
            {"requested": requested.shape, "predicted": predicted.shape},
            "Pass one label for each sample.",
        )
    agree = requested == predicted
    if not per_class:
        return float(agree.mean())
    labels, index, counts = np.unique(
        requested, return_inverse=True, return_counts=True
    )
    shares = np.bincount(index, agree) / counts
    return dict(zip(labels.tolist(), shares.tolist(), strict=True))


@metric("agreement")
def agreement(real, fake):
    """Label agreement of conditional samples by the classifier: higher is better."""
    if fake.labels is None:
        raise invalid(
            "Label agreement needs a conditional generator.",
            {"labels": None},
            "Leave `agreement` out of the metrics.",
        )
    by_class = label_agreement(fake.labels, fake.predictions, per_class=True)
    return {
        "agreement": label_agreement(fake.labels, fake.predictions),
        "agreement_per_class": by_class,
    }
