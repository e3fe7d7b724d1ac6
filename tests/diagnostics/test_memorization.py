import numpy as np
import pytest

import kgan
from kgan.diagnostics import memorization

RING = kgan.data.ring()
TRAIN = RING.sample(3000, seed=1)
HELD_OUT = RING.sample(800, seed=2)


def test_fires_on_a_replayed_training_set():
    found = memorization(TRAIN[:800], TRAIN, HELD_OUT)
    assert found.fires() and found.copies == 1.0


def test_fires_on_jittered_copies():
    noise = np.random.default_rng(0).normal(scale=1e-4, size=(800, 2))
    assert memorization(TRAIN[:800] + noise, TRAIN, HELD_OUT).fires()


def test_fires_where_a_fifth_is_copied():
    samples = np.concatenate([TRAIN[:160], RING.sample(640, seed=3)])
    found = memorization(samples, TRAIN, HELD_OUT)
    assert found.fires()
    assert found.copies == pytest.approx(0.2 + 0.8 * 0.01, abs=0.02)


def test_p_values_of_the_true_distribution_are_uniform():
    """Under the null the p-value is uniform, up to the shared training set."""
    p = [
        memorization(
            RING.sample(300, seed=100 + i),
            RING.sample(1000, seed=300 + i),
            RING.sample(300, seed=500 + i),
        ).p_value
        for i in range(60)
    ]
    assert np.mean(p) == pytest.approx(0.5, abs=3 * 12**-0.5 / 60**0.5)
    assert min(p) > 0.001


@pytest.mark.parametrize("modes", [[0], [0, 1, 2, 3]])
def test_is_silent_on_collapse(modes):
    samples = RING.sample(800, seed=4, modes=modes)
    assert not memorization(samples, TRAIN, HELD_OUT).fires()


def test_blurred_samples_are_further_away():
    noise = np.random.default_rng(0).normal(scale=0.1, size=(800, 2))
    found = memorization(RING.sample(800, seed=5) + noise, TRAIN, HELD_OUT)
    assert found.statistic > 3 and found.p_value > 0.99


def test_refuses_too_few_samples():
    with pytest.raises(ValueError, match="at least 20"):
        memorization(TRAIN[:30], TRAIN, HELD_OUT[:30])
