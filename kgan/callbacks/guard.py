import math

import keras

from kgan._core.errors import invalid, one_of
from kgan.callbacks.checkpoint import latest_checkpoint
from kgan.callbacks.rolled_back import (
    RolledBack,
    keeping_learning_rates,
    lower_learning_rates,
)

# The order in which a step computes its quantities; penalties come before `g_loss`.
FIRST, LAST = ("d_real", "d_fake", "d_loss"), "g_loss"


class Guard(keras.callbacks.Callback):
    """Ends training at the first number that is not finite or has exploded.

    Names the quantity that went wrong first, in the order in which a step computes
    them, since one bad number soon makes all others bad. Put it first in the list: no
    other callback then acts on the broken model. `Checkpoint` never saves one.

    With `on_nan="rollback"` the model goes back to the last good checkpoint, and both
    learning rates are lowered. `fit` ends by a `RolledBack`; call it again to go on.

    Args:
        checkpoint_folder: Folder of a `Checkpoint`, with the last good one.
        limit: Largest absolute value that counts as sound.
        on_nan: `"stop"` or `"rollback"`.
        factor: Of the learning rates at a rollback: of those that were last trained
            with, so that rates that were changed since the checkpoint stay changed.
        rollbacks: How many there may be, before training stops after all.

    Raises:
        FloatingPointError: From `fit`, at the end of the step.
        RolledBack: Likewise, a kind of `FloatingPointError`: training can go on.

    Example:

    >>> folder = "runs/a/checkpoints"
    >>> guard = kgan.callbacks.Guard(folder, on_nan="rollback")
    >>> while True:
    ...     try:
    ...         gan.fit(x, callbacks=[guard, kgan.callbacks.Checkpoint(folder, 500)])
    ...         break
    ...     except kgan.callbacks.RolledBack as event:
    ...         print(event)
    """

    def __init__(
        self,
        checkpoint_folder=None,
        limit=1e6,
        on_nan="stop",
        factor=0.5,
        rollbacks=3,
    ):
        super().__init__()
        self.on_nan = one_of("on_nan", on_nan, ("stop", "rollback"))
        if on_nan == "rollback" and checkpoint_folder is None:
            raise invalid(
                "A rollback needs the folder of a `Checkpoint`.",
                {"checkpoint_folder": None},
                "Name the folder, or use on_nan='stop'.",
            )
        self.checkpoint_folder = checkpoint_folder
        self.limit = limit
        self.factor = factor
        self.rollbacks = rollbacks
        self._rollbacks = 0

    def on_train_batch_end(self, batch, logs=None):
        if all(abs(value) <= self.limit for value in logs.values()):
            return
        name = next(n for n in _in_order(logs) if not abs(logs[n]) <= self.limit)
        state = "exploded" if math.isfinite(logs[name]) else "is not finite"
        step, path = int(self.model.step.numpy()), self._last_good()
        what = f"`{name}` {state}: training stopped at step {step}."
        received = {name: logs[name]}
        if path and self.on_nan == "rollback":
            if self._rollbacks < self.rollbacks:
                rates = self._roll_back(path)
                fix = f"Going on from {path} with lower learning rates: {rates}."
                raise RolledBack(*invalid(what, received, fix).args)
        fix = "Lower the learning rates, or add a penalty such as R1."
        if path:
            fix = f"The last good checkpoint is {path}. {fix}"
        elif self.checkpoint_folder is not None:
            fix = f"There is no checkpoint yet. {fix}"
        raise FloatingPointError(*invalid(what, received, fix).args)

    def _roll_back(self, path):
        self._rollbacks += 1
        with keeping_learning_rates(self.model):
            self.model.load_weights(path)
        return lower_learning_rates(self.model, self.factor)

    def _last_good(self):
        if self.checkpoint_folder is None:
            return None
        return latest_checkpoint(self.checkpoint_folder)


def _in_order(names):
    middle = [n for n in names if n not in FIRST and n != LAST]
    return [n for n in (*FIRST, *middle, LAST) if n in names]
