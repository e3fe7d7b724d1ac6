import math

import keras

from kgan.callbacks.checkpoint import latest_checkpoint
from kgan.errors import invalid

# The order in which a step computes its quantities; penalties come before `g_loss`.
FIRST, LAST = ("d_real", "d_fake", "d_loss"), "g_loss"


class Guard(keras.callbacks.Callback):
    """Ends training at the first number that is not finite or has exploded.

    Names the quantity that went wrong first, in the order in which a step computes
    them, since one bad number soon makes all others bad. Put it first in the list: no
    other callback then acts on the broken model. `Checkpoint` never saves one.

    Args:
        checkpoint_folder: Folder of a `Checkpoint`, to name the last good one.
        limit: Largest absolute value that counts as sound.

    Raises:
        FloatingPointError: From `fit`, at the end of the step.

    Example:

    >>> gan.fit(x, callbacks=[kgan.callbacks.Guard("runs/a/checkpoints")])
    """

    def __init__(self, checkpoint_folder=None, limit=1e6):
        super().__init__()
        self.checkpoint_folder = checkpoint_folder
        self.limit = limit

    def on_train_batch_end(self, batch, logs=None):
        if all(abs(value) <= self.limit for value in logs.values()):
            return
        name = next(n for n in _in_order(logs) if not abs(logs[n]) <= self.limit)
        state = "exploded" if math.isfinite(logs[name]) else "is not finite"
        error = invalid(
            f"`{name}` {state}: training stopped at step {self.model.step.numpy()}.",
            {name: logs[name]},
            self._last_good()
            + "Lower the learning rates, or add a penalty such as R1.",
        )
        raise FloatingPointError(*error.args)

    def _last_good(self):
        if self.checkpoint_folder is None:
            return ""
        path = latest_checkpoint(self.checkpoint_folder)
        if path is None:
            return "There is no checkpoint yet. "
        return f"The last good checkpoint is {path}. "


def _in_order(names):
    middle = [n for n in names if n not in FIRST and n != LAST]
    return [n for n in (*FIRST, *middle, LAST) if n in names]
