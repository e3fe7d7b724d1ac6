"""The theory of REFERENCE: V(D*) = 2 JSD - log 4, D* = p / (p + q), (1 + TV) / 2."""

import numpy as np
import pytest

import kgan
from kgan.diagnostics import (
    jensen_shannon,
    optimal_discriminator,
    total_variation,
)

# mean, sigma of q: JSD and TV from p = N(0, 1), by quadrature.
PAIRS = {
    (0.0, 1.0): (0.0, 0.0),
    (1.0, 1.0): (0.1114, 0.3829),
    (2.0, 1.0): (0.3368, 0.6827),
    (0.0, 2.0): (0.0927, 0.3227),
}


def check(mean, sigma, count, value_tolerance, d_tolerance, **options):
    p, q = kgan.data.gaussian_pair(mean, sigma)
    jsd, tv = PAIRS[mean, sigma]
    best = optimal_discriminator(p.sample(count, 1), q.sample(count, 2), **options)
    assert len(best.real_logits) == len(best.fake_logits) == 0.4 * count
    assert best.value == pytest.approx(2 * jsd - np.log(4), abs=value_tolerance)
    assert best.jensen_shannon == pytest.approx(jsd, abs=value_tolerance / 2)
    assert best.total_variation == pytest.approx(tv, abs=0.04)
    x = np.linspace(-2, 2, 201)[:, None]
    optimal = p.density(x) / (p.density(x) + q.density(x))
    np.testing.assert_allclose(best(x), optimal, atol=d_tolerance)
    return best


@pytest.mark.slow
@pytest.mark.parametrize(("mean", "sigma"), PAIRS)
def test_gaussian_pairs_within_the_tolerances_of_the_reference(mean, sigma):
    check(mean, sigma, 20_000, value_tolerance=0.02, d_tolerance=0.07)


def test_a_gaussian_pair_quickly():
    check(1.0, 1.0, 5_000, value_tolerance=0.04, d_tolerance=0.1, steps=300)


def test_equal_distributions_are_in_the_interval_of_chance():
    ring = kgan.data.ring()
    best = optimal_discriminator(ring.sample(1500, 1), ring.sample(1500, 2), steps=200)
    low, high = best.chance_interval
    # 600 + 600 held-out samples: 0.5 ± 1.96 · 0.5 / √1200.
    assert high - 0.5 == pytest.approx(0.98 / 1200**0.5)
    assert low <= best.accuracy <= high


def test_disjoint_distributions_reach_the_bounds():
    x = np.random.default_rng(0).normal(size=(500, 3)).astype("float32")
    assert jensen_shannon(x, x + 20, steps=150) == pytest.approx(np.log(2), abs=0.02)
    assert total_variation(x, x + 20, steps=150) == 1.0


def test_copies_a_given_discriminator_with_new_weights():
    """The labels alone tell the sets apart, which only a conditional player sees."""
    given = kgan.networks.mlp.discriminator((1,), width=16, num_classes=2)
    weights = given.get_weights()
    x = np.random.default_rng(0).normal(size=(2000, 1))
    labels = (x[:, 0] > 0).astype(int)
    best = optimal_discriminator(
        (x[:1000], labels[:1000]), (x[1000:], 1 - labels[1000:]), given, steps=300
    )
    assert best.accuracy > 0.95
    for before, after in zip(weights, given.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_repeats():
    p, q = kgan.data.gaussian_pair()
    a, b = (
        optimal_discriminator(p.sample(500), q.sample(500), steps=20) for _ in range(2)
    )
    assert a.value == b.value


def test_refuses_too_few_samples():
    with pytest.raises(ValueError, match="at least 10 samples"):
        optimal_discriminator(np.zeros((9, 1)), np.zeros((9, 1)))


def test_refuses_labels_on_one_side():
    x = np.zeros((20, 2))
    with pytest.raises(ValueError, match="labels both or none"):
        optimal_discriminator((x, np.zeros(20, int)), x)
