import contextlib

import keras

from kgan.schedules import Scaled


class RolledBack(FloatingPointError):
    """Training diverged and the model is as it was at its last good checkpoint.

    `Guard` raises it from `fit`; the message names the quantity that went bad first,
    the step, the checkpoint and the lowered learning rates. Call `fit` again to go on.
    """


@contextlib.contextmanager
def keeping_learning_rates(model):
    """Puts the learning rates back that a block, such as `load_weights`, changes.

    Those of schedules have no weight, and stay as they are.
    """
    rates = {
        player.name: optimizer.learning_rate.numpy()
        for player, optimizer in _optimizers(model)
        if not isinstance(optimizer.get_config()["learning_rate"], dict)
    }
    yield
    for player, optimizer in _optimizers(model):
        if player.name in rates:
            optimizer.learning_rate = rates[player.name]


def _optimizers(model):
    """Yields the players, and their optimizers; inside one that scales the loss."""
    for player in model.players.values():
        yield player, getattr(player.optimizer, "inner_optimizer", player.optimizer)


def lower_learning_rates(model, factor):
    """Multiplies the learning rates of all players, or their schedules, by a factor.

    Args:
        model: A compiled `kgan.models.GenerativeModel`.
        factor: Positive number.

    Returns:
        A dict from players to their learning rates now.
    """
    rates = {}
    for player, optimizer in _optimizers(model):
        rate = optimizer.get_config()["learning_rate"]
        if isinstance(rate, dict):
            schedule = keras.saving.deserialize_keras_object(rate)
            optimizer.learning_rate = Scaled(schedule, factor)
            model.train_function = None  # the schedule is part of the traced step
        else:
            optimizer.learning_rate = rate * factor
        rates[player.name] = float(f"{float(optimizer.learning_rate.numpy()):.4g}")
    return rates
