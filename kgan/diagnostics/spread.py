import numpy as np
from scipy.spatial.distance import cdist

from kgan.diagnostics.arrays import as_points

SHARE = 0.02  # of the real samples lies in a ball
ROWS = 500  # real samples whose distances are in memory at a time


def density_and_coverage(real, fake, k=None):
    """Returns how densely samples lie on real ones, and the share of these they reach.

    Each real sample has a ball up to its k-th nearest real neighbour. Density is the
    mean number of balls around a fake sample, over k; coverage is the share of balls
    with a fake sample. For equal distributions and sizes their expected values are 1
    and 1 - 2^-k, in any dimension. Time grows as N (N + M), memory as N + M.

    Args:
        real: Array `[N, …]`.
        fake: Array `[M, …]`.
        k: The neighbour; by default a fiftieth of N, so that coverage is about modes,
            not about the shape of each: what lies beyond a ball of the nearest 2 %.

    Reference:

    - [Naeem et al., 2020](https://arxiv.org/abs/2002.09797), with k of 5
    """
    real, fake = as_points(real, "real"), as_points(fake, "fake")
    if k is None:
        k = max(1, round(SHARE * len(real)))
    pairs = reached = 0
    for start in range(0, len(real), ROWS):
        rows = real[start : start + ROWS]
        radii = np.partition(cdist(rows, real), k, axis=1)[:, k]
        inside = cdist(rows, fake) < radii[:, None]
        pairs, reached = pairs + inside.sum(), reached + inside.any(axis=1).sum()
    return float(pairs / (k * len(fake))), float(reached / len(real))


def distance_from(real, fake):
    """Returns how far samples lie from the mean of the real ones, at the median, in
    units of the farthest real sample: under 1 for equal distributions."""
    real, fake = as_points(real, "real"), as_points(fake, "fake")
    centre = real.mean(axis=0)
    farthest = np.linalg.norm(real - centre, axis=1).max()
    median = np.median(np.linalg.norm(fake - centre, axis=1))
    return float(median / max(farthest, 1e-12))
