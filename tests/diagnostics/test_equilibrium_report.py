"""Verdicts on games whose state is known: samplers of the ring and fixed players."""

import json
import math

import keras
import numpy as np
import pytest
from keras import ops

import kgan
from kgan.diagnostics import Verdict, equilibrium_report

RING = kgan.data.ring()
CALM = {"d_loss": [1.386] * 12, "g_loss": [0.693] * 12}


def ring_game(modes=8, shift=0.0, slope=0.0, threshold=0.0, steps=1000):
    """G draws from the first modes, moved by `shift`; D is σ(slope · (x - threshold)).

    D can also bend, but starts straight.
    """
    z = keras.Input((3,))
    mode = ops.floor(modes / 2 * (1 + ops.erf(z[:, :1] / math.sqrt(2))))
    angle = mode * (math.pi / 4)
    points = ops.concatenate([ops.cos(angle), ops.sin(angle)], axis=1)
    move = keras.layers.Dense(2, kernel_initializer="identity")
    z_to_x = keras.Model(z, move(points + RING.sigma * z[:, 1:]))
    move.bias.assign([shift, 0.0])
    x = keras.Input((2,))
    straight = keras.layers.Dense(1, name="straight")
    bent = keras.layers.Dense(1, kernel_initializer="zeros")
    discriminator = keras.Model(
        x, straight(x) + bent(keras.layers.Dense(32, "tanh")(x))
    )
    straight.set_weights([np.array([[slope], [0.0]]), np.array([-slope * threshold])])
    gan = kgan.GAN(z_to_x, discriminator, ema_decay=0)
    gan.compile()
    gan.step.assign(steps)
    return gan


def report(gan, history=CALM, **options):
    options = {"num_samples": 1000, "steps": 300} | options
    return equilibrium_report(gan, RING.sample(2000, seed=7), history, **options)


def test_the_true_sampler_is_near_equilibrium():
    found = report(ring_game())
    assert found.verdict == "near equilibrium"
    assert found.accuracy <= found.chance == pytest.approx(0.5 + 0.98 / 800**0.5)
    assert 0 <= found.gap.gap < 0.02
    assert found.density == pytest.approx(1.0, abs=0.1)
    assert found.coverage > 0.95
    assert found.relative_support == pytest.approx(1.0, abs=0.2)
    assert "cannot tell samples from real data" in found.sentence
    assert json.loads(json.dumps(found.to_dict()))["gap"]["gap"] == found.gap.gap
    assert "coverage" in found.summary()


@pytest.mark.parametrize("modes", [1, 4])
def test_samplers_that_miss_modes_have_collapsed(modes):
    found = report(ring_game(modes))
    assert found.verdict == Verdict.COLLAPSED
    assert found.coverage == pytest.approx(modes / 8, abs=0.05)
    assert found.relative_support == pytest.approx(modes / 8, rel=0.25)


def test_a_discriminator_that_is_always_right_is_overpowered():
    """All samples lie at x > 2, all real ones below 1.1: σ(-20 (x - 1.5))."""
    gan = ring_game(shift=4.0, slope=-20.0, threshold=1.5)
    assert report(gan).verdict == "discriminator overpowered"


@pytest.mark.parametrize(
    ("steps", "verdict"), [(1000, "diverged"), (100, "still moving")]
)
def test_samples_that_ran_away_with_a_wrong_discriminator(steps, verdict):
    """D believes what is far right, where no data lie, and samples went there."""
    assert report(ring_game(shift=4.0, slope=1.0, steps=steps)).verdict == verdict


def test_numbers_that_are_not_finite_have_diverged():
    found = report(ring_game(shift=float("nan")))
    assert found.verdict == "diverged" and found.gap is None
    assert json.dumps(found.to_dict())
    broken = {"d_loss": [1.0, float("nan")], "g_loss": [1.0, 1.0]}
    assert report(ring_game(), broken).summary().startswith("Diverged")


def test_refuses_a_history_without_losses():
    with pytest.raises(ValueError, match="must hold `d_loss`"):
        report(ring_game(), {"loss": [1.0]})
