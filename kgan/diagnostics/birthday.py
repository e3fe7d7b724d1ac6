import dataclasses

import numpy as np
from scipy.spatial.distance import pdist

from kgan._core.errors import invalid
from kgan.diagnostics.arrays import as_points


@dataclasses.dataclass(frozen=True)
class BirthdayTest:
    """What the near-duplicates among samples say about their variety.

    Attributes:
        support: Estimated number of distinct samples that the generator can give;
            infinite if no pair is near.
        real_support: The same of real samples at the same radius, or None.
        pairs: Pairs of generated samples that are near-duplicates.
        radius: Distance within which two samples are near-duplicates.
        closest: Indices `[20, 2]` of the closest pairs, to look at.
    """

    support: float
    real_support: float | None
    pairs: int
    radius: float
    closest: np.ndarray = dataclasses.field(repr=False)

    @property
    def relative_support(self):
        """`support / real_support`: about 1 for the true distribution, m/K if m of K
        equal modes are left; None without real samples."""
        return None if self.real_support is None else self.support / self.real_support


def birthday_test(samples, real=None, radius=None):
    """Estimates the variety of samples from how many of them are near-duplicates.

    Of n samples from s equally likely things, n(n - 1) / 2s pairs are equal: the
    birthday paradox. So the pairs within a radius give s. Without a radius, it is
    chosen such that the real samples show as many things as they are samples; the ratio
    to the real support is then what counts.

    Args:
        samples: Generated samples or their features `[N, …]`; some thousands.
        real: Real samples, likewise, as many or more.
        radius: Euclidean distance of near-duplicates.

    Returns:
        A `BirthdayTest`.

    Raises:
        ValueError: If neither `real` nor `radius` is given.

    Example:

    >>> ring = kgan.data.ring()
    >>> collapsed = ring.sample(2000, seed=1, modes=[0])
    >>> kgan.diagnostics.birthday_test(collapsed, ring.sample(2000)).relative_support
    0.125

    Reference:

    - [Arora and Zhang, 2017](https://arxiv.org/abs/1706.08224)
    """
    if real is None and radius is None:
        raise invalid(
            "Near-duplicates need a measure: `real` samples or a `radius`.",
            {"real": None, "radius": None},
            "Pass held-out real samples.",
        )
    samples = as_points(samples)
    distances = pdist(samples)
    real_support = None
    if real is not None:
        real_distances = pdist(as_points(real, "real"))
        if radius is None:
            count = len(real_distances) / len(real)
            radius = float(np.partition(real_distances, int(count))[int(count)])
        real_support = _support(real_distances, radius)
    shown = min(20, len(distances) - 1)
    closest = np.argpartition(distances, shown)[:shown]
    closest = closest[np.argsort(distances[closest])]
    rows, columns = np.triu_indices(len(samples), 1)
    return BirthdayTest(
        support=_support(distances, radius),
        real_support=real_support,
        pairs=int(np.count_nonzero(distances <= radius)),
        radius=radius,
        closest=np.stack([rows[closest], columns[closest]], axis=1),
    )


def _support(distances, radius):
    """Returns pairs / near pairs: 1 / the probability that two samples are near."""
    near = np.count_nonzero(distances <= radius)
    return float(len(distances) / near) if near else np.inf
