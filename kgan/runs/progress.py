import importlib.util
import time

import keras
import rich.console
import rich.progress

SECONDS_BETWEEN_LINES = 10


class Progress(keras.callbacks.Callback):
    """A progress bar over all steps of a run: steps a second, time left, losses.

    It goes to standard error, so that standard output stays for results, and into a
    notebook's cell where ipywidgets are installed. Elsewhere a plain line is written
    every ten seconds instead. Use it as a context around `fit`, which leaves the
    terminal in order whatever happens.

    Args:
        start: Steps that are done already.
        steps: Steps in all.
    """

    def __init__(self, start, steps):
        super().__init__()
        self._start = self._done = start
        self._steps = steps
        self._console = rich.console.Console(stderr=True)
        self._moves = self._console.is_terminal or (
            self._console.is_jupyter and importlib.util.find_spec("ipywidgets")
        )
        columns = rich.progress
        self._bar = columns.Progress(
            columns.BarColumn(24),
            columns.MofNCompleteColumn(),
            columns.TextColumn("{task.fields[rate]:.1f} steps/s"),
            columns.TimeRemainingColumn(),
            columns.TextColumn("{task.fields[losses]}"),
            console=self._console,
            disable=not self._moves,
        )

    def __enter__(self):
        self._task = self._bar.add_task(
            "", total=self._steps, completed=self._start, rate=0.0, losses=""
        )
        self._bar.start()
        self._began = self._last_line = None
        return self

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        self._done += self.model.steps_per_execution  # of one call of Keras
        if self._began is None:  # the first step traces the graph
            self._began, self._first = now, self._done
            self._last_line = now
        rate = (self._done - self._first) / max(now - self._began, 1e-9)
        if self._moves:
            self._bar.update(
                self._task, completed=self._done, rate=rate, losses=_losses(logs)
            )
        elif now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            self._console.print(
                f"step {self._done}/{self._steps}  {rate:.1f} steps/s  {_losses(logs)}",
                highlight=False,
            )

    def __exit__(self, *error):
        self._bar.stop()


def _losses(logs):
    losses = {k: v for k, v in (logs or {}).items() if k.split("_")[-1] == "loss"}
    return "  ".join(f"{name} {value:.3f}" for name, value in losses.items())
