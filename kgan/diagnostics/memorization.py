import dataclasses

import numpy as np
from scipy.stats import norm, rankdata

from kgan._core.errors import invalid
from kgan.diagnostics.arrays import as_points

SMALLEST = 20  # samples of each set in a cell that counts
MOST_FOR_TREE = 10  # dimensions


@dataclasses.dataclass(frozen=True)
class Memorization:
    """Whether samples lie nearer to the training set than real ones do.

    Attributes:
        statistic: C_T: below 0 if samples are nearer to the training set than held-out
            real ones, above 0 if they are further away (a weak fit).
        p_value: Probability of so low a statistic if the samples were real.
        copies: Share of samples nearer to the training set than the nearest
            percent of held-out ones; about 0.01 for real samples.
        distances: Of each sample to its nearest training sample, `[N]`.
        nearest: Index of that training sample, `[N]`, to look at.
    """

    statistic: float
    p_value: float
    copies: float
    distances: np.ndarray = dataclasses.field(repr=False)
    nearest: np.ndarray = dataclasses.field(repr=False)

    def fires(self, level=0.001):
        """Returns whether copying is certain at a level of significance."""
        return self.p_value < level


def memorization(samples, train, held_out, cells=5, seed=0):
    """Tests whether a generator copies its training set.

    In each cell of a k-means partition of the training set, a Mann–Whitney test
    compares the distances to the nearest training sample: of generated and of held-out
    real samples. C_T is the mean of its z-scores, weighted by the held-out samples in
    each cell. Cells with fewer than 20 samples of either set are left out; without any
    other, the statistic is NaN and nothing is flagged. A generator that misses modes,
    or is blurred, is not flagged.

    Args:
        samples: Generated samples or their features, `[N, …]`.
        train: The training set, likewise.
        held_out: Real samples that were not trained on, from the same distribution.
        cells: Cells of the partition.
        seed: Seed of k-means.

    Returns:
        A `Memorization`.

    Raises:
        ValueError: If there are fewer than 20 of both a cell.

    Example:

    >>> kgan.diagnostics.memorization(x_train[:500], x_train, x_test).fires()
    True

    Reference:

    - [Meehan et al., 2020](https://arxiv.org/abs/2004.05675)
    """
    return CopyTest(train, held_out, cells, seed)(samples)


class CopyTest:
    """The test of `memorization`, ready for any number of sets of samples.

    Args:
        train: As for `memorization`, as are `held_out`, `cells` and `seed`.
    """

    def __init__(self, train, held_out, cells=5, seed=0):
        from sklearn.cluster import KMeans
        from sklearn.neighbors import NearestNeighbors

        train, held_out = as_points(train, "train"), as_points(held_out, "held_out")
        # Matrix products: trees gain nothing in many dimensions.
        tree = len(train[0]) <= MOST_FOR_TREE
        self._neighbors = NearestNeighbors(
            n_neighbors=1, algorithm="kd_tree" if tree else "brute"
        ).fit(train)
        self._means = KMeans(cells, n_init=1, random_state=seed).fit(train)
        self._distance = self._neighbors.kneighbors(held_out)[0][:, 0]
        self._cell = self._means.predict(held_out)

    def __call__(self, samples):
        samples = as_points(samples)
        distance, nearest = (part[:, 0] for part in self._neighbors.kneighbors(samples))
        cells, numbers = self._means.n_clusters, self._means.predict(samples)
        self.check(len(samples))
        scores, weights = [], []
        for cell in range(cells):
            fake = distance[numbers == cell]
            real = self._distance[self._cell == cell]
            if min(len(fake), len(real)) >= SMALLEST:
                scores.append(_mann_whitney(fake, real))
                weights.append(len(real))
        statistic, p_value = np.nan, 1.0
        if scores:
            weights = np.array(weights) / np.sum(weights)
            statistic = float(weights @ scores)
            # Independent standard normal scores: the mean has variance Σw².
            p_value = float(norm.cdf(statistic / np.linalg.norm(weights)))
        return Memorization(
            statistic=statistic,
            p_value=p_value,
            copies=float(np.mean(distance <= np.quantile(self._distance, 0.01))),
            distances=distance,
            nearest=nearest,
        )

    def check(self, count):
        """Raises a `ValueError` if so many samples, or held-out ones, are too few."""
        cells = self._means.n_clusters
        if min(count, len(self._distance)) < SMALLEST * cells:
            raise invalid(
                f"The test needs at least {SMALLEST} generated and held-out samples a "
                "cell.",
                {"samples": count, "held_out": len(self._distance), "cells": cells},
                "Use more samples, or fewer cells.",
            )


def _mann_whitney(first, second):
    """Returns the z-score of the Mann–Whitney statistic: below 0 if `first` is less."""
    m, n = len(first), len(second)
    ranks = rankdata(np.concatenate([first, second]))
    u = ranks[:m].sum() - m * (m + 1) / 2
    return (u - m * n / 2) / np.sqrt(m * n * (m + n + 1) / 12)
