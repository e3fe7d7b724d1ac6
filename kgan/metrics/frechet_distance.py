"""Fréchet distance between two sets of feature vectors."""

from functools import cached_property

import numpy as np

from kgan._core.errors import invalid
from kgan.metrics.registry import metric

# How often sets are drawn anew for an interval; less often where a distance takes a
# second.
_RESAMPLES, _FEW_RESAMPLES, _MANY_DIMENSIONS = 100, 20, 256


class FeatureStatistics:
    """Mean and covariance of a feature set, in float64.

    Computed once for the real set and reused for every comparison. Where there are
    fewer samples than dimensions, the centred samples stand for their covariance, which
    is never formed.

    Args:
        features: Array `[N, D]` of finite numbers, `N >= 2`.

    Attributes:
        count: Number of samples N.
        mean: float64 `[D]`.
        variance: Sum of the D variances, the trace of the covariance (with N - 1).
    """

    def __init__(self, features):
        features = np.asarray(features, np.float64)
        if features.ndim != 2 or len(features) < 2 or not np.isfinite(features).all():
            raise invalid(
                "Features must be finite numbers of shape [N, D] with N of 2 or more.",
                {
                    "shape": features.shape,
                    "non_finite": int(np.sum(~np.isfinite(features))),
                },
                "Check the images, or use more of them.",
            )
        self.count, dimensions = features.shape
        self.mean = features.mean(axis=0)
        centred = (features - self.mean) / np.sqrt(self.count - 1)
        self.variance = float(np.sum(centred**2))
        self.is_low_rank = self.count < dimensions
        self._scatter = centred if self.is_low_rank else centred.T @ centred

    @property
    def covariance(self):
        """float64 `[D, D]`."""
        return self._scatter.T @ self._scatter if self.is_low_rank else self._scatter

    @cached_property
    def root(self):
        """A matrix R, float64 `[min(N, D), D]`, with RᵀR equal to the covariance."""
        if self.is_low_rank:
            return self._scatter
        values, vectors = np.linalg.eigh(self._scatter)
        return np.sqrt(np.clip(values, 0.0, None))[:, None] * vectors.T


def frechet_distance(real_features, fake_features):
    """Fréchet distance between the Gaussians fitted to two feature sets.

    `|m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁ C₂)^½)`, with covariances over N - 1 and everything
    in float64. The trace of the root is the sum of the singular values of `R₁ R₂ᵀ`,
    where `RᵀR = C`; with at least as many samples as dimensions, they are the roots of
    the eigenvalues of `R₁ C₂ R₁ᵀ`, clipped at 0. Both are faster than
    `scipy.linalg.sqrtm` and equal it to rounding.

    On Inception features this is the FID; on a classifier's features call it `fd`. It
    is biased upwards for few samples: compare numbers of equal sample counts only.

    Args:
        real_features: Array `[N, D]`, or `FeatureStatistics` to reuse.
        fake_features: Array `[M, D]`, or `FeatureStatistics`.

    Returns:
        The distance, a float of 0 or more.

    Raises:
        ValueError: If a set has fewer than two samples or values that are not finite,
            or the dimensions differ.

    Example:

    >>> real = np.random.default_rng(0).normal(size=(5000, 4))
    >>> kgan.metrics.frechet_distance(real, real + 1.0)  # 4.0: only the mean moved

    Reference:

    - [Heusel et al., 2017](https://arxiv.org/abs/1706.08500)
    """
    real, fake = (
        features
        if isinstance(features, FeatureStatistics)
        else FeatureStatistics(features)
        for features in (real_features, fake_features)
    )
    if len(real.mean) != len(fake.mean):
        raise invalid(
            "Real and fake features must have the same number of dimensions.",
            {"real": len(real.mean), "fake": len(fake.mean)},
            "Compute both with the same feature extractor.",
        )
    if fake.is_low_rank:
        root_trace = np.linalg.norm(real.root @ fake.root.T, "nuc")
    else:
        product = real.root @ fake.covariance @ real.root.T
        eigenvalues = np.linalg.eigvalsh(product)
        root_trace = np.sqrt(np.clip(eigenvalues, 0.0, None)).sum()
    shift = np.sum((real.mean - fake.mean) ** 2)
    return max(0.0, float(shift + real.variance + fake.variance - 2.0 * root_trace))


def frechet_interval(real_features, fake_features, seed=0):
    """Interval that holds the distance of 95 % of such sets of samples and real images.

    Both sets are drawn anew, with replacement, and compared. The standard deviation of
    these distances is about that of the distances of other sets. Their mean is too
    high, as drawing anew makes sets poorer; the interval is therefore laid around the
    distance itself, 1.96 standard deviations to both sides.

    Args:
        real_features: Array `[N, D]`.
        fake_features: Array `[M, D]`.
        seed: Seed of the draws.

    Returns:
        List of the lower and the upper end, floats of 0 or more.

    Reference:

    - [Efron and Tibshirani, 1993](https://doi.org/10.1201/9780429246593), chapter 13
    """
    rng = np.random.default_rng(seed)
    few = np.shape(real_features)[1] > _MANY_DIMENSIONS
    sets = real_features, fake_features
    distances = [
        frechet_distance(*(x[rng.integers(0, len(x), len(x))] for x in sets))
        for _ in range(_FEW_RESAMPLES if few else _RESAMPLES)
    ]
    distance, reach = frechet_distance(*sets), 1.96 * float(np.std(distances, ddof=1))
    return [max(0.0, distance - reach), distance + reach]


@metric("fd")
def fd(real, fake):
    """Fréchet distance on the classifier's features: lower is better."""
    return {"fd": frechet_distance(real.statistics, fake.statistics)}
