import math

import keras
import pytest

from kgan.callbacks import Checkpoint, Guard


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
