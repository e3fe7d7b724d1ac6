"""Keras's callbacks and methods, where a model of several players needs its own way."""

import keras

from kgan._core.errors import invalid

_NO_WEIGHTS = "Leave it out: the losses of a game weight no samples and classes."
_NO_VALIDATION = "Judge samples during training by `kgan.callbacks.Evaluate`."
# What to do instead of arguments of Keras.
_OTHER_WAYS = {
    "optimizer": "Each player has one: generator_optimizer, discriminator_optimizer.",
    "loss_weights": "Penalties and objectives have a `weight`.",
    "weighted_metrics": "Use `metrics`.",
    "auto_scale_loss": "Players in float16 scale their losses by themselves.",
    "class_weight": _NO_WEIGHTS,
    "sample_weight": _NO_WEIGHTS,
    "validation_split": _NO_VALIDATION,
    "validation_steps": _NO_VALIDATION,
    "validation_batch_size": _NO_VALIDATION,
    "validation_freq": _NO_VALIDATION,
}


class PlayersOptimizers:
    """What Keras's callbacks take for the optimizer: the optimizers of all players.

    `keras.callbacks.LearningRateScheduler` and `ReduceLROnPlateau` move the learning
    rate of each.

    Args:
        optimizers: List of `keras.optimizers.Optimizer`.
    """

    built = True

    def __init__(self, optimizers):
        self.optimizers = list(optimizers)

    @property
    def variables(self):
        """The variables of all of them."""
        return [v for optimizer in self.optimizers for v in optimizer.variables]


def flat_callbacks(given):
    """Returns a list of the callbacks that `fit` is given, whatever their nest."""
    if isinstance(given, keras.callbacks.CallbackList):
        return list(given.callbacks)
    return keras.tree.flatten(given or [])


def prepare_callbacks(model, callbacks):
    """Checks Keras's own callbacks before `fit`, and lets a backup be restored.

    Args:
        model: The compiled model.
        callbacks: List of callbacks.

    Raises:
        ValueError: If one of them would do nothing, or something else than it says.
    """
    known = model.metrics_names
    # Whose callbacks may add logs of their own.
    writers = [
        callback
        for callback in callbacks
        if isinstance(callback, keras.callbacks.LambdaCallback)
        or not type(callback).__module__.startswith("keras.")
    ]
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.TerminateOnNaN):
            raise _refused(
                callback,
                "It watches a log `loss`, which a game does not have.",
                "Use kgan.callbacks.Guard(), which stops at NaN, or rolls back.",
            )
        if isinstance(callback, keras.callbacks.SwapEMAWeights) and not any(
            getattr(optimizer, "use_ema", False)
            for optimizer in model.optimizers.values()
        ):
            raise _refused(
                callback,
                "It needs optimizers with use_ema=True.",
                "Leave it out: samples, exports and `ema_generator` are by the moving "
                "average of `ema_decay` already.",
            )
        monitor = getattr(callback, "monitor", None)
        monitor = monitor if isinstance(monitor, str) else known[0]
        no_log = monitor.startswith("val_") or not (monitor in known or writers)
        if no_log and getattr(callback, "save_best_only", True):
            raise _refused(
                callback,
                f"It monitors {monitor}, which no log of this game is.",
                f"Monitor one of {', '.join(known)}; or a score: "
                "kgan.callbacks.Evaluate before it, monitor='fd', mode='min'.",
            )
        if isinstance(callback, keras.callbacks.BackupAndRestore):
            # Before the data: an array goes on from the step that is restored.
            callback.set_model(model)
            callback.on_train_begin()


def refuse_arguments(method, given):
    """Raises for arguments that Keras's `fit` or `compile` have and a game does not.

    Args:
        method: Name of the method.
        given: Dict of the arguments that kgan's does not know.
    """
    given = {name: value for name, value in given.items() if value is not None}
    if unknown := given.keys() - _OTHER_WAYS.keys():
        raise TypeError(f"{method}() got unexpected arguments {sorted(unknown)}")
    for name, value in given.items():
        raise invalid(
            f"`{method}` of a game has no `{name}`.", {name: value}, _OTHER_WAYS[name]
        )


def as_list(given):
    """Returns a list of what `compile` is given, also where it is a single thing."""
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _refused(callback, reason, fix):
    return invalid(reason, {"callback": type(callback).__name__}, fix)
