"""A set of images as a classifier sees it."""

from functools import cached_property

import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import to_uint8
from kgan.metrics import neighbors
from kgan.metrics.frechet_distance import FeatureStatistics


class FeatureSet:
    """Images with everything that metrics ask of them, computed once when first used.

    Args:
        classifier: An object with `features(images)` and, for metrics of labels,
            `predict(images)`.
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
        self._radii = {}
        self._spread = {len(self.images): self}

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

    def radii(self, k):
        """Returns the distance of each member to its k-th nearest other, `[N]`."""
        if k not in self._radii:
            self._radii[k] = neighbors.radii(self.features, k)
        return self._radii[k]

    def spread(self, count):
        """Returns the set of so many of the members, evenly picked from all."""
        if count not in self._spread:
            self._spread[count] = self._part(np.arange(count) * len(self) // count)
        return self._spread[count]

    def halves(self):
        """Returns the sets of every second member, from the first and the second on."""
        return self._part(slice(0, None, 2)), self._part(slice(1, None, 2))

    def _part(self, chosen):
        part = FeatureSet(self._classifier, self.images[chosen])
        part.features = self.features[chosen]
        return part
