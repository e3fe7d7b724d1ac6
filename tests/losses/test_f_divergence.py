import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.losses import FDivergence, Minimax

NAMES = ("kl", "reverse_kl", "pearson_chi2", "squared_hellinger", "jensen_shannon")


@pytest.mark.parametrize(
    "name, discriminator, alternative",
    [
        ("kl", np.e - 1.0, -2.0),  # exp(2 - 1) - 1
        ("reverse_kl", 1.0 + 0.367879, 0.135335),  # e⁻¹ and e⁻²
        ("pearson_chi2", 1.0 + 2.0 - 1.0, -2.0),
        ("squared_hellinger", 6.389056 - 0.632121, -0.864665),  # e² - 1 - (1 - e⁻¹)
        # softplus(2) + softplus(-1) - log 4 and softplus(-2) - log 2
        ("jensen_shannon", 2.126928 + 0.313262 - 1.386294, 0.126928 - 0.693147),
    ],
)
def test_values_by_hand(name, discriminator, alternative):
    loss = FDivergence(name)
    value = loss.discriminator_loss([[1.0]], [[2.0]])
    np.testing.assert_allclose(value, [discriminator], rtol=1e-5)
    np.testing.assert_allclose(loss.generator_loss([[1.0]], [[2.0]]), -value)
    loss = FDivergence(name, zero_sum=False)
    np.testing.assert_allclose(loss.discriminator_loss([[1.0]], [[2.0]]), value)
    np.testing.assert_allclose(
        loss.generator_loss([[1.0]], [[2.0]]), [alternative], rtol=1e-5
    )


@pytest.mark.parametrize(
    "name, divergence",
    [
        ("kl", 0.5 * np.log(2.5) + 0.5 * np.log(0.625)),
        ("reverse_kl", 0.2 * np.log(0.4) + 0.8 * np.log(1.6)),
        ("pearson_chi2", 0.3**2 / 0.2 + 0.3**2 / 0.8),
        (
            "squared_hellinger",
            (0.5**0.5 - 0.2**0.5) ** 2 + (0.5**0.5 - 0.8**0.5) ** 2,
        ),
        (
            "jensen_shannon",  # with the middle distribution (0.35, 0.65)
            0.5 * np.log(0.5 / 0.35)
            + 0.5 * np.log(0.5 / 0.65)
            + 0.2 * np.log(0.2 / 0.35)
            + 0.8 * np.log(0.8 / 0.65),
        ),
    ],
)
def test_value_of_the_best_discriminator_is_the_divergence(name, divergence):
    """Of p = (0.5, 0.5) from q = (0.2, 0.8), with each point's best logit of a grid."""
    loss = FDivergence(name)
    grid = np.linspace(-4.0, 4.0, 8001)[:, None]
    zero = np.zeros_like(grid)
    on_real = loss.discriminator_loss(grid, zero).numpy()  # f*(g(0)) - g(v)
    on_fake = loss.discriminator_loss(zero, grid).numpy()  # f*(g(v)) - g(0)
    best = sum((p * on_real + q * on_fake).min() for p, q in ((0.5, 0.2), (0.5, 0.8)))
    at_zero = loss.discriminator_loss([[0.0]], [[0.0]]).numpy().item()
    np.testing.assert_allclose(at_zero - best, divergence, atol=1e-5)


def test_jensen_shannon_is_the_original_game_plus_log_4():
    logits = np.random.default_rng(0).normal(size=(2, 16, 1))
    np.testing.assert_allclose(
        FDivergence("jensen_shannon").discriminator_loss(*logits) + np.log(4),
        Minimax().discriminator_loss(*logits),
        rtol=1e-5,
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("zero_sum", [True, False])
def test_extreme_logits_have_finite_losses_and_gradients(name, zero_sum):
    config = keras.saving.serialize_keras_object(FDivergence(name, zero_sum))
    loss = keras.saving.deserialize_keras_object(config)
    assert (loss.divergence, loss.zero_sum) == (name, zero_sum)
    logits = tf.constant([[3e4], [-3e4]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(logits)
        discriminator = loss.discriminator_loss(logits, -logits)
        generator = loss.generator_loss(logits, -logits)
    for value in (discriminator, generator):
        assert np.isfinite(value).all()
        assert np.isfinite(tape.gradient(value, logits)).all()


def test_exponential_goes_on_as_its_tangent():
    # KL's exp(v - 1) is exact to v = 21; at v = 31 it is e²⁰·(1 + 10).
    fake = tf.constant([[20.0], [21.0], [31.0]])
    with tf.GradientTape() as tape:
        tape.watch(fake)
        value = FDivergence("kl").discriminator_loss(tf.zeros_like(fake), fake)
    slope = np.exp([19.0, 20.0, 20.0])
    np.testing.assert_allclose(value, slope * [1.0, 1.0, 11.0], rtol=1e-5)
    np.testing.assert_allclose(tape.gradient(value, fake)[:, 0], slope, rtol=1e-5)


def test_unknown_divergence_lists_the_known_ones():
    with pytest.raises(ValueError, match="kl, reverse_kl.*\nReceived: divergence='js'"):
        FDivergence("js")
