"""How many samples look real, and how much of what is real the samples reach."""

from kgan.metrics.neighbors import MOST, blocks
from kgan.metrics.registry import metric

K = 3


@metric("precision_recall")
def precision_recall(real, fake):
    """Improved precision and recall: of 1 each if the sets could not be told apart.

    Around each real image lies a ball that reaches to its third nearest real neighbour;
    precision is the share of samples inside of such a ball, recall the share of real
    images inside of such a ball around a sample. As many of both are compared, evenly
    picked from the larger set: at most 10,000.

    Args:
        real: The real `FeatureSet`.
        fake: That of the samples.

    Returns:
        A dict of `precision` and `recall`, in [0, 1].

    Reference:

    - [Kynkäänniemi et al., 2019](https://arxiv.org/abs/1904.06991)
    """
    count = min(len(real), len(fake), MOST)
    real, fake = real.spread(count), fake.spread(count)
    return {"precision": _inside(fake, real), "recall": _inside(real, fake)}


def _inside(points, balls):
    """Returns the share of points that lie in a ball of the other set, or on it."""
    reach = balls.radii(K)
    distances = blocks(points.features, balls.features)
    return float(sum((part <= reach).any(axis=1).sum() for part in distances)) / len(
        points
    )
