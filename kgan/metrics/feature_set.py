"""A set of images as a classifier sees it."""

from functools import cached_property

import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import to_uint8
from kgan.metrics.frechet_distance import FeatureStatistics


class FeatureSet:
    """Images with everything that metrics ask of them, computed once when first used.

    Args:
        classifier: An object with `features(images)` and `predict(images)`.
        images: uint8 `[N, H, W, C]`, or float in [-1, 1].
        labels: Integer `[N]`, for fakes the labels asked for; or `None`.

    Attributes:
        images: uint8 `[N, H, W, C]`.
        labels: int64 `[N]`, or `None`.
        features: float32 `[N, D]`.
        statistics: The features' `FeatureStatistics`.
        predictions: int64 `[N]`, the classifier's labels.
    """

    def __init__(self, classifier, images, labels=None):
        self.images = to_uint8(images)
        self.labels = None if labels is None else np.asarray(labels, np.int64)
        if self.labels is not None and self.labels.shape != self.images.shape[:1]:
            raise invalid(
                "Labels must be one integer for each image.",
                {"images": self.images.shape, "labels": self.labels.shape},
                "Pass labels of shape [N].",
            )
        self._classifier = classifier

    def __len__(self):
        return len(self.images)

    @cached_property
    def features(self):
        return self._classifier.features(self.images)

    @cached_property
    def statistics(self):
        return FeatureStatistics(self.features)

    @cached_property
    def predictions(self):
        return self._classifier.predict(self.images)
