"""A set of images as a judge sees it."""

from functools import cached_property

import numpy as np

from kgan.errors import invalid
from kgan.metrics.frechet_distance import FeatureStatistics
from kgan.metrics.images import to_uint8


class JudgedSet:
    """Images with everything that metrics ask of them, computed once when first used.

    Args:
        judge: An object with `features(images)` and `predict(images)`.
        images: uint8 `[N, H, W, C]`, or float in [-1, 1].
        labels: Integer `[N]`, for fakes the labels asked for; or `None`.

    Attributes:
        images: uint8 `[N, H, W, C]`.
        labels: int64 `[N]`, or `None`.
        features: float32 `[N, D]`.
        statistics: The features' `FeatureStatistics`.
        predictions: int64 `[N]`, the judge's labels.
    """

    def __init__(self, judge, images, labels=None):
        self.images = to_uint8(images)
        self.labels = None if labels is None else np.asarray(labels, np.int64)
        if self.labels is not None and self.labels.shape != self.images.shape[:1]:
            raise invalid(
                "Labels must be one integer for each image.",
                {"images": self.images.shape, "labels": self.labels.shape},
                "Pass labels of shape [N].",
            )
        self._judge = judge

    def __len__(self):
        return len(self.images)

    @cached_property
    def features(self):
        return self._judge.features(self.images)

    @cached_property
    def statistics(self):
        return FeatureStatistics(self.features)

    @cached_property
    def predictions(self):
        return self._judge.predict(self.images)
