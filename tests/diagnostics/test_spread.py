import tracemalloc

import numpy as np
import pytest

import kgan
from kgan.diagnostics.spread import density_and_coverage, distance_from

RING = kgan.data.ring()


def test_theory_at_equality():
    real, fake = RING.sample(2000, 1), RING.sample(2000, 2)
    for k in (1, 5, None):
        density, coverage = density_and_coverage(real, fake, k)
        assert density == pytest.approx(1.0, abs=0.06)
        assert coverage == pytest.approx(1 - 2 ** -(k or 40), abs=0.03)


@pytest.mark.parametrize(("modes", "share"), [([0], 1 / 8), ([0, 1, 2, 3], 1 / 2)])
def test_coverage_is_the_share_of_modes(modes, share):
    fake = RING.sample(2000, 2, modes)
    density, coverage = density_and_coverage(RING.sample(2000, 1), fake)
    assert density == pytest.approx(1.0, abs=0.1)
    assert coverage == pytest.approx(share, abs=0.03)


def test_equals_the_package_prdc_by_hand():
    """Points 0, 1, 3 on a line, k = 1: radii 1, 1, 2; balls are open, as in `prdc`."""
    real = np.tile([[0.0], [1.0], [3.0]], 1)
    far = np.arange(7)[:, None] * 100.0 + 1000.0
    density, coverage = density_and_coverage(
        np.concatenate([real, far]), np.array([[0.5]] * 5 + [[2.0]] * 5), k=1
    )
    # 0.5 lies in the balls of 0 and 1; 2 in that of 3 alone, on the rim of that of 1.
    assert density == 1.5
    assert coverage == 0.3


def test_memory_does_not_hold_all_pairs():
    """6,000 samples have 36 million pairs, 288 MB of distances."""
    real, fake = RING.sample(6000, 1), RING.sample(6000, 2)
    tracemalloc.start()
    density, coverage = density_and_coverage(real, fake, 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80e6
    assert density == pytest.approx(1.0, abs=0.06)
    assert coverage == pytest.approx(1 - 2**-5, abs=0.03)


def test_distance_of_what_ran_away():
    x = np.random.default_rng(0).normal(size=(500, 2))
    farthest = np.linalg.norm(x - x.mean(axis=0), axis=1).max()
    assert distance_from(x, x) < 0.5
    away = x.mean(axis=0) + [5 * farthest, 0.0]
    assert distance_from(x, np.tile(away, (9, 1))) == pytest.approx(5.0)
