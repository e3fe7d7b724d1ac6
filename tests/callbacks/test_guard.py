import math

import keras
import numpy as np
import pytest

import kgan
from kgan.callbacks import Checkpoint, Guard, RolledBack
from kgan.callbacks.rolled_back import lower_learning_rates


class Breaker(keras.callbacks.Callback):
    """Breaks a player's weights before a chosen batch."""

    def __init__(self, player, batch, factor):
        super().__init__()
        self.player, self.batch, self.factor = player, batch, factor

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.batch:
            for weight in getattr(self.model, self.player).trainable_variables:
                weight.assign(weight.numpy() * self.factor)


@pytest.mark.parametrize(
    ("player", "first"), [("discriminator", "d_real"), ("generator", "d_fake")]
)
def test_names_the_first_quantity_and_the_last_good_checkpoint(
    player, first, make_gan, train, tmp_path
):
    gan = make_gan(penalties=["r1"])
    callbacks = [
        Guard(tmp_path),
        Breaker(player, 5, math.nan),
        Checkpoint(tmp_path, every=2),
    ]
    with pytest.raises(FloatingPointError) as error:
        train(gan, *callbacks)
    message = str(error.value)
    assert f"`{first}` is not finite: training stopped at step 6" in message
    assert f"Received: {first}=nan. The last good checkpoint is" in message
    assert "step_000004.keras" in message


def test_explosion(make_gan, train, tmp_path):
    with pytest.raises(FloatingPointError, match="`d_real` exploded.*step 3") as error:
        train(make_gan(), Guard(tmp_path), Breaker("discriminator", 2, 1e6))
    assert "no checkpoint yet" in str(error.value)


@pytest.mark.parametrize(
    ("logs", "first"),
    [
        ({"d_loss": math.nan, "g_loss": math.nan, "d_real": 1.0, "r1": 1.0}, "d_loss"),
        ({"d_loss": 1.0, "g_loss": math.nan, "d_real": 1.0, "r1": math.inf}, "r1"),
        ({"d_loss": 1.0, "g_loss": -1e9, "d_real": 1.0, "r1": 1.0}, "g_loss"),
    ],
)
def test_order_is_that_of_the_computation(logs, first, make_gan):
    guard = Guard()
    guard.set_model(make_gan())
    with pytest.raises(FloatingPointError, match=f"^`{first}`"):
        guard.on_train_batch_end(0, logs)


def test_sound_training_goes_on(make_gan, train):
    gan = make_gan()
    train(gan, Guard())
    assert int(gan.step.numpy()) == 8


def test_rollback_halves_the_rates_of_the_last_good_checkpoint(
    make_gan, train, tmp_path
):
    """Twice to the same checkpoint: a quarter the second time; then it stops."""
    gan = make_gan(learning_rate=0.01)
    guard = Guard(tmp_path, on_nan="rollback", rollbacks=2)
    callbacks = [guard, Breaker("discriminator", 5, math.nan), Checkpoint(tmp_path, 4)]
    for rate in (0.005, 0.0025):
        with pytest.raises(RolledBack, match="`d_real` is not finite.*step") as error:
            train(gan, *callbacks)
        assert f"'generator': {rate}" in str(error.value)
        assert int(gan.step.numpy()) == 4
        for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
            assert float(optimizer.learning_rate.numpy()) == pytest.approx(rate)
            assert int(optimizer.iterations.numpy()) == 4
        for a, b in zip(gan.get_weights(), saved_weights(tmp_path), strict=True):
            np.testing.assert_array_equal(a, b)
        callbacks[1].batch = 1  # of the next fit
    with pytest.raises(FloatingPointError, match="The last good checkpoint") as error:
        train(gan, *callbacks)
    assert not isinstance(error.value, RolledBack)


def test_rollback_keeps_rates_that_were_changed_since_the_checkpoint(
    make_gan, train, tmp_path
):
    """As `kgan train --resume --override` changes them; then they are halved."""
    gan = make_gan(learning_rate=0.01)
    train(gan, Checkpoint(tmp_path, 4))
    gan.generator_optimizer.learning_rate = 0.002
    guard = Guard(tmp_path, on_nan="rollback")
    with pytest.raises(RolledBack, match="'generator': 0.001, 'discriminator': 0.005"):
        train(gan, guard, Breaker("discriminator", 1, math.nan))
    assert float(gan.generator_optimizer.learning_rate.numpy()) == pytest.approx(0.001)
    assert int(gan.generator_optimizer.iterations.numpy()) == 8


def saved_weights(folder):
    return kgan.load_model(folder / "step_000004.keras").get_weights()


def test_rollback_scales_a_schedule(make_gan, tmp_path):
    """CosineDecay from 0.01 over 10 steps: cos(π/2) leaves half of it at step 5."""
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 10)
    gan = make_gan(learning_rate=schedule)
    lower_learning_rates(gan, 0.5)
    gan.save(tmp_path / "gan.keras")
    gan = kgan.load_model(tmp_path / "gan.keras")
    gan.generator_optimizer.iterations.assign(5)
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(0.0025)


def test_rollback_needs_a_folder():
    with pytest.raises(ValueError, match="needs the folder"):
        Guard(on_nan="rollback")
