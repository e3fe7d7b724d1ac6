import keras

from kgan.schedules import Scaled


class RolledBack(FloatingPointError):
    """Training diverged and the model is as it was at its last good checkpoint.

    `Guard` raises it from `fit`; the message names the quantity that went bad first,
    the step, the checkpoint and the lowered learning rates. Call `fit` again to go on.
    """


def lower_learning_rates(gan, factor):
    """Multiplies both learning rates, or schedules of them, by a factor.

    Args:
        gan: A compiled `kgan.GAN`.
        factor: Positive number.

    Returns:
        A dict from players to their learning rates now.
    """
    rates = {}
    for player in ("generator", "discriminator"):
        optimizer = getattr(gan, f"{player}_optimizer")
        rate = optimizer.get_config()["learning_rate"]
        if isinstance(rate, dict):
            schedule = keras.saving.deserialize_keras_object(rate)
            optimizer.learning_rate = Scaled(schedule, factor)
            gan.train_function = None  # the schedule is part of the traced step
        else:
            optimizer.learning_rate = rate * factor
        rates[player] = float(f"{float(optimizer.learning_rate.numpy()):.4g}")
    return rates
