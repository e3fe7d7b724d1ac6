import dataclasses

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import norm, rankdata

from kgan.diagnostics.arrays import as_points
from kgan.errors import invalid

SMALLEST = 20  # samples of each set in a cell that counts


@dataclasses.dataclass(frozen=True)
class Memorisation:
    """Whether samples lie nearer to the training set than real ones do.

    Attributes:
        statistic: C_T: below 0 if samples are nearer to the training set than held-out
            real ones, above 0 if they are further away (a weak fit).
        p_value: Probability of so low a statistic if the samples were real.
        copies: Share of samples nearer to the training set than the nearest
            percent of held-out ones; about 0.01 for real samples.
    """

    statistic: float
    p_value: float
    copies: float

    def fires(self, level=0.001):
        """Returns whether copying is certain at a level of significance."""
        return self.p_value < level


def memorisation(samples, train, held_out, cells=5, seed=0):
    """Tests whether a generator copies its training set.

    In each cell of a k-means partition of the training set, a Mann–Whitney test
    compares the distances to the nearest training sample: of generated and of held-out
    real samples. C_T is the mean of its z-scores, weighted by the held-out samples in
    each cell. Cells with fewer than 20 samples of either set are left out. A generator
    that misses modes, or is blurred, is not flagged.

    Args:
        samples: Generated samples or their features, `[N, …]`.
        train: The training set, likewise.
        held_out: Real samples that were not trained on, from the same distribution.
        cells: Cells of the partition.
        seed: Seed of k-means.

    Returns:
        A `Memorisation`.

    Raises:
        ValueError: If no cell holds enough of both.

    Example:

    >>> kgan.diagnostics.memorisation(x_train[:500], x_train, x_test).fires()
    True

    Reference:

    - [Meehan et al., 2020](https://arxiv.org/abs/2004.05675)
    """
    from sklearn.cluster import KMeans

    samples, held_out = as_points(samples), as_points(held_out, "held_out")
    train = as_points(train, "train")
    tree = cKDTree(train)
    fake_distance, held_out_distance = tree.query(samples)[0], tree.query(held_out)[0]
    means = KMeans(cells, n_init=1, random_state=seed).fit(train)
    fake_cell, held_out_cell = means.predict(samples), means.predict(held_out)
    scores, weights = [], []
    for cell in range(cells):
        fake = fake_distance[fake_cell == cell]
        real = held_out_distance[held_out_cell == cell]
        if min(len(fake), len(real)) >= SMALLEST:
            scores.append(_mann_whitney(fake, real))
            weights.append(len(real))
    if not scores:
        raise invalid(
            f"A cell must hold at least {SMALLEST} generated and held-out samples.",
            {"samples": len(samples), "held_out": len(held_out), "cells": cells},
            "Use more samples, or fewer cells.",
        )
    weights = np.array(weights) / np.sum(weights)
    statistic = float(weights @ scores)
    return Memorisation(
        statistic=statistic,
        # Independent standard normal scores: the weighted mean has variance Σw².
        p_value=float(norm.cdf(statistic / np.linalg.norm(weights))),
        copies=float(np.mean(fake_distance <= np.quantile(held_out_distance, 0.01))),
    )


def _mann_whitney(first, second):
    """Returns the z-score of the Mann–Whitney statistic: below 0 if `first` is less."""
    m, n = len(first), len(second)
    ranks = rankdata(np.concatenate([first, second]))
    u = ranks[:m].sum() - m * (m + 1) / 2
    return (u - m * n / 2) / np.sqrt(m * n * (m + n + 1) / 12)
