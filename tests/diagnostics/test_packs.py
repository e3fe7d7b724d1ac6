"""Discriminators that judge packs: samples of one distribution, side by side.

A pack of two from N(m, 1) is a point whose coordinates' mean is from N(m, ½): packs of
N(0, 1) and N(1, 1) are as far apart as single samples of N(0, 1) and N(√2, 1).
"""

import keras
import numpy as np
import pytest
from scipy.stats import norm

import kgan
from kgan.diagnostics import duality_gap, optimal_discriminator, value_function
from kgan.diagnostics.value_function import value

SHIFT = 2**0.5
X = np.linspace(-10, 12, 20_001)
P, Q = norm.pdf(X), norm.pdf(X - SHIFT)
JSD = np.trapezoid(P * np.log(2 * P / (P + Q)) + Q * np.log(2 * Q / (P + Q)), X) / 2
TV = 2 * norm.cdf(SHIFT / 2) - 1


def judge(weight=0.0, pack=2):
    """D is σ(weight · sum of the pack), and can learn any other slope."""
    x = keras.Input((pack,))
    head = keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(weight))
    return keras.Model(x, head(x))


def normal(count, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 1)).astype("float32")


def test_value_of_packs():
    """Three real ones make a pack of two, one is left out: a logit of 2."""
    found = value_function(judge(1.0), np.ones((3, 1)), np.zeros((4, 1)))
    assert found == pytest.approx(value(np.array([2.0]), np.array([0.0])))


def test_packs_are_drawn_at_random():
    """Sorted samples would make packs of -2 and 2, of V(±2) instead of about V(0)."""
    x = np.repeat([-1.0, 1.0], 500)[:, None]
    logits = kgan.diagnostics.players.logits(judge(1.0), [x])
    assert np.mean(logits == 0) == pytest.approx(0.5, abs=0.1)


def test_best_discriminator_of_packs():
    real, fake = normal(20_000), normal(20_000, 1) + 1
    best = optimal_discriminator(real, fake, judge(), 300, learning_rate=0.03)
    assert best.total_variation == pytest.approx(TV, abs=0.03)
    assert best.jensen_shannon == pytest.approx(JSD, abs=0.015)


def test_gap_of_packs():
    """D = ½ leaves G nothing to win, and the best D' reaches 2 JSD - log 4."""
    z = keras.Input((1,))
    move = keras.layers.Dense(1, kernel_initializer="ones", bias_initializer="ones")
    gan = kgan.GAN(keras.Model(z, move(z)), judge(), ema_decay=0)
    gan.compile(loss="minimax", pack=2, penalties=[kgan.penalties.R1(1e-6)])
    gap = duality_gap(gan, normal(20_000), steps=200, learning_rate=0.03)
    assert gap.gap == pytest.approx(2 * JSD, abs=0.03)
