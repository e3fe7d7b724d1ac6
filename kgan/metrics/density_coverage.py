"""How densely samples lie among real images, and how many of these have samples."""

import numpy as np

from kgan.metrics.neighbors import MOST, blocks
from kgan.metrics.registry import metric

K = 5


@metric("density_coverage")
def density_coverage(real, fake):
    """Density and coverage: about 1 and 0.97 if the sets could not be told apart.

    Around each real image lies a ball that reaches to its fifth nearest real neighbour.
    Density is the mean number of such balls that a sample lies in, divided by five, and
    may be above 1; coverage is the share of balls that a sample lies in. Outliers of
    the samples count for less than in `precision_recall`. As many of both sets are
    compared, evenly picked from the larger one: at most 10,000.

    Args:
        real: The real `FeatureSet`.
        fake: That of the samples.

    Returns:
        A dict of `density`, 0 or more, and `coverage` in [0, 1].

    Reference:

    - [Naeem et al., 2020](https://arxiv.org/abs/2002.09797)
    """
    count = min(len(real), len(fake), MOST)
    real, fake = real.spread(count), fake.spread(count)
    reach, inside, covered = real.radii(K), 0, np.zeros(count, bool)
    for distances in blocks(fake.features, real.features):
        hits = distances < reach
        inside += hits.sum()
        covered |= hits.any(axis=0)
    return {
        "density": float(inside / (K * count)),
        "coverage": float(covered.mean()),
    }
