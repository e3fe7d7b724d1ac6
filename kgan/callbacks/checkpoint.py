import json
import math
import os
import shutil
import warnings
import zipfile
from pathlib import Path

import numpy as np

from kgan._core.errors import invalid
from kgan._core.writing import remove_leftovers, replacing
from kgan.callbacks.step_callback import StepCallback
from kgan.callbacks.step_files import step_files, step_path


class Checkpoint(StepCallback):
    """Saves the whole training state: the last ones, and beside them the best.

    Writes `step_000500.keras`, which `kgan.load_model` restores with optimizers, moving
    average and step count, at each time and at the end of training. When a monitored
    score is the best so far, the model becomes `best.keras` and the score
    `best.json`. A file is complete or absent, and a model with weights or logs that are
    not finite is never saved.

    Where a run resumes from a checkpoint that is not the newest, the newer ones are
    renamed to `step_….keras.abandoned`.

    Args:
        folder: Where the files go.
        every: Number of steps, or `"epoch"`.
        keep: Number of last checkpoints to keep.
        monitor: Score in the logs, from an `Evaluate` before this in the list.
        mode: `"min"` or `"max"`: what is better.

    Raises:
        OSError: When a checkpoint cannot be written, as to a full disk. The ones before
            it are as they were.
        ValueError: When an untrained model starts in a folder with checkpoints, which
            it would overwrite.

    Example:

    >>> folder = "runs/a/checkpoints"
    >>> gan.fit(x, callbacks=[kgan.callbacks.Checkpoint(folder, every=500)])
    >>> gan = kgan.load_model(kgan.callbacks.latest_checkpoint(folder))
    """

    def __init__(self, folder, every="epoch", keep=3, monitor="fd", mode="min"):
        super().__init__(every)
        if keep < 1 or mode not in ("min", "max"):
            raise invalid(
                '`keep` must be 1 or more and `mode` "min" or "max".',
                {"keep": keep, "mode": mode},
                "Use for instance keep=3.",
            )
        self.folder = Path(folder)
        self.keep = keep
        self.monitor = monitor
        self.mode = mode
        self.best = None

    def set_model(self, model):
        super().set_model(model)
        # Here and not in `on_train_begin`, where other callbacks already tidy up.
        if self.model_step() == 0 and self._newer():
            raise invalid(
                "A new run needs a folder without checkpoints.",
                {"folder": str(self.folder), "checkpoints": list(self._newer())},
                "Resume with kgan.load_model(kgan.callbacks.latest_checkpoint(folder)),"
                " or use another folder.",
            )

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        remove_leftovers(self.folder, ".keras")
        for path in self._newer().values():
            os.replace(path, f"{path}.abandoned")
        self.best = self._read_best()

    def on_step(self, step, logs):
        if self._save(step_path(self.folder, step, ".keras"), logs):
            for path in list(step_files(self.folder, ".keras").values())[: -self.keep]:
                path.unlink()

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        self._save_best(logs)

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self._save_best(logs)

    def on_train_end(self, logs=None):
        step = self.model_step()
        if step not in step_files(self.folder, ".keras"):
            self.on_step(step, logs)

    def _save(self, path, logs):
        """Saves the model if it is sound; returns whether it was."""
        if not all(map(math.isfinite, (logs or {}).values())) or not all(
            np.isfinite(weight.numpy()).all() for weight in self.model.weights
        ):
            warnings.warn(
                f"Not saved: logs or weights are not finite: {path}", stacklevel=2
            )
            return False
        try:
            with replacing(path) as temporary:
                self.model.save(temporary)
        except OSError as error:
            last = latest_checkpoint(self.folder)
            failure = OSError(
                f"A checkpoint could not be written: {error.strerror or error}.\n"
                f"Received: path={str(path)!r}. The last good checkpoint is {last}. "
                "Make room, then go on from there."
            )
            failure.errno = error.errno  # Keras drops the cause
            raise failure from error
        return True

    def _save_best(self, logs):
        # A score that an epoch repeats is not better than itself, and saves nothing.
        score = (logs or {}).get(self.monitor)
        if score is None or not math.isfinite(score) or not self._is_better(score):
            return
        step, path = self.model_step(), self.folder / "best.keras"
        saved = step_path(self.folder, step, ".keras")
        if saved.exists():
            with replacing(path) as temporary:
                shutil.copyfile(saved, temporary)
        elif not self._save(path, logs):
            return
        self.best = {"step": step, self.monitor: score}
        with replacing(self.folder / "best.json") as temporary:
            temporary.write_text(json.dumps(self.best))

    def _is_better(self, score):
        if self.best is None:
            return True
        old = self.best[self.monitor]
        return score < old if self.mode == "min" else score > old

    def _read_best(self):
        """What `best.json` says, unless it is of a later step or another score."""
        try:
            best = json.loads((self.folder / "best.json").read_text())
            current = best["step"] <= self.model_step() and self.monitor in best
        except (OSError, ValueError, KeyError):
            return None
        return best if current else None

    def _newer(self):
        """The checkpoints of later steps than the model's."""
        files = step_files(self.folder, ".keras").items()
        return {step: path for step, path in files if step > self.model_step()}


def latest_checkpoint(folder):
    """Returns the path of the newest readable checkpoint.

    Args:
        folder: Folder of a `Checkpoint`.

    Returns:
        A path, or `None` if there is none. Damaged files are passed over with a
        warning.
    """
    for path in reversed(step_files(folder, ".keras").values()):
        if _is_readable(path):
            return path
        warnings.warn(f"Passed over a damaged checkpoint: {path}", stacklevel=2)
    return None


def _is_readable(path):
    """Whether a `.keras` file, a zip, is complete by its checksums."""
    try:
        with zipfile.ZipFile(path) as file:
            needed = {"config.json", "model.weights.h5"}
            return needed <= set(file.namelist()) and file.testzip() is None
    except Exception:  # readers of a damaged header raise many kinds
        return False
