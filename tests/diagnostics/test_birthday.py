import numpy as np
import pytest

import kgan
from kgan.diagnostics import birthday_test

RING = kgan.data.ring()


@pytest.mark.parametrize("modes", [1, 4, 8])
def test_support_is_the_number_of_modes(modes):
    """With a radius of 6 sigma, a mode is one thing: 1 / Σ pᵢ² = m things."""
    samples = RING.sample(2000, seed=1, modes=np.arange(modes))
    found = birthday_test(samples, radius=6 * RING.sigma)
    assert found.support == pytest.approx(modes, rel=0.02)
    assert found.relative_support is None


@pytest.mark.parametrize("modes", [1, 4, 8])
def test_relative_support_is_the_share_of_modes(modes):
    samples = RING.sample(2000, seed=1, modes=np.arange(modes))
    found = birthday_test(samples, RING.sample(2000, seed=2))
    # About 1,000 near pairs, which come in clusters: 10 % is 2 standard deviations.
    assert found.relative_support == pytest.approx(modes / 8, rel=0.15)
    assert found.real_support == pytest.approx(2000, rel=0.01)


def test_finite_support():
    """5 equally likely points: 1 / Σ p² = 5."""
    samples = np.random.default_rng(0).integers(5, size=(3000, 1)).astype(float)
    assert birthday_test(samples, radius=0.0).support == pytest.approx(5, rel=0.02)


def test_closest_pairs_come_first():
    samples = np.arange(12.0)[:, None] ** 2
    samples[7] = samples[3]
    found = birthday_test(samples, radius=0.5)
    assert found.closest[0].tolist() == [3, 7]
    assert (found.pairs, found.support) == (1, 66.0)


def test_no_pair_is_infinite_support():
    assert birthday_test(np.arange(20.0)[:, None], radius=0.5).support == np.inf


def test_refuses_to_guess_a_radius():
    with pytest.raises(ValueError, match="radius=None"):
        birthday_test(RING.sample(100))
