import keras
import numpy as np
import pytest

import kgan
from kgan.diagnostics import duality_gap


def line_game(shift, slope=0.0, activation="linear", loss="minimax", penalties=()):
    """G(z) = z + shift and D(x) = slope · f(x) on the line, z and x from N(0, 1)."""
    z, x = keras.Input((1,)), keras.Input((1,))
    bias = keras.initializers.Constant(shift)
    generator = keras.layers.Dense(1, kernel_initializer="ones", bias_initializer=bias)
    head = keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(slope))
    gan = kgan.GAN(
        keras.Model(z, generator(z)),
        keras.Model(x, head(keras.layers.Activation(activation)(x))),
        ema_decay=0,
    )
    gan.compile(loss=loss, penalties=list(penalties))
    return gan


def normal(count=20_000, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 1)).astype("float32")


@pytest.mark.parametrize("loss", ["non_saturating", "hinge", "wasserstein"])
def test_zero_at_the_equilibrium(loss):
    gap = duality_gap(line_game(0.0, loss=loss), normal(), steps=100)
    # Opponents fit the noise of their split; held-out scores do not reward it.
    assert 0.0 <= gap.gap < 0.005


@pytest.mark.parametrize("perturbed", [False, True])
@pytest.mark.parametrize(("shift", "jsd"), [(1.0, 0.1114), (2.0, 0.3368)])
def test_twice_the_jsd_where_the_discriminator_guesses(shift, jsd, perturbed):
    """D = ½ leaves G nothing to win, and the best D' reaches 2 JSD - log 4.

    The optimal logit of two Gaussians of one variance is linear, as D' is.
    """
    gap = duality_gap(
        line_game(shift), normal(), perturbed, steps=200, learning_rate=0.03
    )
    assert gap.value == gap.best == pytest.approx(-np.log(4), abs=1e-4)
    assert gap.worst == pytest.approx(2 * jsd - np.log(4), abs=0.02)
    assert gap.gap == pytest.approx(2 * jsd, abs=0.02)


def test_best_generator_sends_all_samples_where_the_discriminator_believes_them():
    """min over G' is E log D(x) + log(1 - max D), here max D = σ(1)."""
    gan = line_game(0.0, slope=1.0, activation="tanh")
    gap = duality_gap(gan, normal(), steps=200, learning_rate=0.05)
    x = normal(200_000, seed=1)
    expected = -np.log1p(np.exp(-np.tanh(x))).mean() - np.log1p(np.exp(1))
    assert gap.best == pytest.approx(expected, abs=0.02)


def test_least_squares_in_its_own_unit():
    """D = 0 where 0.5 is optimal: M rises from -½ to -¼, whatever G does."""
    gap = duality_gap(
        line_game(0.0, loss="least_squares"), normal(), steps=200, learning_rate=0.02
    )
    assert gap.gap == pytest.approx(0.25, abs=0.01)


def test_penalties_bound_the_gap_of_a_wasserstein_loss():
    """A 1-Lipschitz critic of N(0, 1) and N(3, 1) reaches the distance of 3."""
    penalty = kgan.penalties.GradientPenalty(weight=10.0)
    game = line_game(3.0, loss="wasserstein", penalties=[penalty])
    gap = duality_gap(game, normal(5000), steps=200, learning_rate=0.03)
    # The penalty gives way a little: the best slope is 1 + 3 / (2 · 10).
    assert gap.worst == pytest.approx(3 * 1.15, abs=0.15)


def test_conditional_game_is_left_as_it_was():
    gan = kgan.GAN(
        kgan.networks.mlp.generator((2,), latent_dim=2, width=8, num_classes=3),
        kgan.networks.mlp.discriminator((2,), width=8, num_classes=3),
    )
    gan.compile(penalties=["r1"])
    before = gan.get_weights()
    x, y = np.random.default_rng(0).normal(size=(200, 2)), np.arange(200) % 3
    assert duality_gap(gan, (x, y), perturbed=True, steps=5).gap >= 0
    for old, new in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    with pytest.raises(ValueError, match="needs labels"):
        duality_gap(gan, x)


@pytest.mark.parametrize("learning_rate", [0.1, 10.0])
def test_nothing_is_won_off_the_data(learning_rate):
    """D = σ(x) believes the more the farther right; data and samples end near 4."""
    x = normal(5000)
    gap = duality_gap(
        line_game(0.0, slope=1.0), x, steps=100, learning_rate=learning_rate
    )
    bound = -np.log1p(np.exp(-x)).mean() - np.log1p(np.exp(4.5))
    assert bound <= gap.best == pytest.approx(bound, abs=1.0)


def test_a_sure_discriminator_does_not_hide_what_the_generator_can_win():
    """D = σ(20 (x - 3)) is sure of N(0, 1), where log(1 - D) is flat; G' walks away."""
    x = keras.Input((1,))
    head = keras.layers.Dense(1)
    gan = kgan.GAN(
        line_game(0.0).generator, keras.Model(x, head(x)), prior="normal", ema_decay=0
    )
    head.set_weights([np.array([[20.0]]), np.array([-60.0])])
    gan.compile(loss="minimax")
    real = normal(2000) + 6
    gap = duality_gap(gan, real, steps=100, learning_rate=0.1)
    assert gap.value == pytest.approx(0.0, abs=0.05)
    assert gap.best < -20
