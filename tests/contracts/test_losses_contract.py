import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from tests.contracts.discovery import discover, name

LOGITS = np.random.default_rng(0).normal(size=(2, 8, 1)).astype("float32")
PLAYERS = ("discriminator_loss", "generator_loss")

every_loss = pytest.mark.parametrize(
    "loss", discover(kgan.losses.AdversarialLoss), ids=name
)


@every_loss
@pytest.mark.parametrize("player", PLAYERS)
def test_one_finite_value_a_sample(loss, player):
    value = getattr(loss, player)(*LOGITS)
    assert value.shape == (8,) and value.dtype == "float32"
    extreme = getattr(loss, player)(*(LOGITS * 1e4))
    assert np.isfinite(value).all() and np.isfinite(extreme).all()


@every_loss
def test_serialisation_keeps_the_values(loss):
    config = keras.saving.serialize_keras_object(loss)
    clone = keras.saving.deserialize_keras_object(config)
    assert clone.get_config() == loss.get_config()
    for player in PLAYERS:
        np.testing.assert_array_equal(
            getattr(clone, player)(*LOGITS), getattr(loss, player)(*LOGITS)
        )


@every_loss
def test_found_by_name(loss):
    assert type(kgan.losses.get(name(loss))) is type(loss)


@every_loss
def test_zero_sum_as_declared(loss):
    total = loss.discriminator_loss(*LOGITS) + loss.generator_loss(*LOGITS)
    assert np.allclose(total, 0.0, atol=1e-6) == loss.zero_sum


@every_loss
def test_directions_of_the_game(loss):
    """At undecided logits, the discriminator parts real and fake; the generator raises
    logits that judge its samples fake."""
    real, fake = tf.fill([8, 1], 0.5), tf.fill([8, 1], 0.5)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        discriminator = loss.discriminator_loss(real, fake)
        generator = loss.generator_loss(real, fake - 1.0)
    assert tf.reduce_mean(tape.gradient(discriminator, real)) < 0
    assert tf.reduce_mean(tape.gradient(discriminator, fake)) > 0
    assert tf.reduce_mean(tape.gradient(generator, fake)) < 0


@every_loss
def test_one_fit_step_moves_both_players(loss, small_game):
    gan = small_game()
    gan.compile(loss=loss)
    before = [player.get_weights() for player in (gan.generator, gan.discriminator)]
    history = gan.fit(
        np.zeros((8, 8, 8, 1), "float32"), batch_size=8, verbose=0
    ).history
    after = [player.get_weights() for player in (gan.generator, gan.discriminator)]
    for old, new in zip(before, after, strict=True):
        assert any((a != b).any() for a, b in zip(old, new, strict=True))
    assert all(np.isfinite(values).all() for values in history.values())
