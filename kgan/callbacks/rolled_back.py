import keras

from kgan.schedules import Scaled


class RolledBack(FloatingPointError):
    """Training diverged and the model is as it was at its last good checkpoint.

    `Guard` raises it from `fit`; the message names the quantity that went bad first,
    the step, the checkpoint and the lowered learning rates. Call `fit` again to go on.
    """


def lower_learning_rates(model, factor):
    """Multiplies the learning rates of all players, or their schedules, by a factor.

    Args:
        model: A compiled `kgan.models.GenerativeModel`.
        factor: Positive number.

    Returns:
        A dict from players to their learning rates now.
    """
    rates = {}
    for name, player in model.players.items():
        # Of one that scales the loss, the one inside has the learning rate.
        optimizer = getattr(player.optimizer, "inner_optimizer", player.optimizer)
        rate = optimizer.get_config()["learning_rate"]
        if isinstance(rate, dict):
            schedule = keras.saving.deserialize_keras_object(rate)
            optimizer.learning_rate = Scaled(schedule, factor)
            model.train_function = None  # the schedule is part of the traced step
        else:
            optimizer.learning_rate = rate * factor
        rates[name] = float(f"{float(optimizer.learning_rate.numpy()):.4g}")
    return rates
