import json
import math
import time
from pathlib import Path

from matplotlib.figure import Figure

from kgan._core.writing import replacing
from kgan.callbacks.step_callback import StepCallback

SECONDS_BETWEEN_DRAWINGS = 30


class Curves(StepCallback):
    """Writes down and draws losses, mean logits and scores.

    `metrics.jsonl` gets one JSON object a line: `step`, `time` (Unix, in seconds), the
    running means of the epoch, and scores, where there are new ones. What is not finite
    becomes `null`. No step has two lines. `curves.png` is drawn at the end of epochs,
    at most twice a minute, and at the end of training. A resumed run goes on in the
    same file, without the lines of steps beyond the model's.

    Args:
        folder: Where both files go.
        every: Number of steps between lines, or `"epoch"`. Steps with new scores get a
            line in any case.

    Example:

    >>> gan.fit(x, callbacks=[kgan.callbacks.Curves("runs/a", every=50)])
    """

    def __init__(self, folder, every="epoch"):
        super().__init__(every)
        self.folder = Path(folder)
        self.records = []
        self._scores = set()
        self._drawn = -math.inf

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.records = [r for r in read_metrics(self.folder) if r["step"] <= self._step]
        self._write_all()

    def on_step(self, step, logs):
        record = {"step": step, "time": round(time.time(), 3)}
        record |= {k: float(v) if math.isfinite(v) else None for k, v in logs.items()}
        if self.records and self.records[-1]["step"] == step:
            self.records[-1] |= record
            self._write_all()
            return
        self.records.append(record)
        with open(self.folder / "metrics.jsonl", "a") as file:
            file.write(_line(record))

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self._scores = set()

    def on_train_batch_end(self, batch, logs=None):
        scores = self._write(super().on_train_batch_end, batch, logs)
        self._scores |= scores

    def on_epoch_end(self, epoch, logs=None):
        # An epoch's logs repeat the scores of its steps, which have their lines.
        logs = {k: v for k, v in logs.items() if k not in self._scores}
        self._write(super().on_epoch_end, epoch, logs)
        if time.monotonic() - self._drawn > SECONDS_BETWEEN_DRAWINGS:
            self.draw()

    def on_train_end(self, logs=None):
        self.draw()

    def draw(self):
        """Draws `curves.png`."""
        draw_curves(self.records, self.folder / "curves.png")
        self._drawn = time.monotonic()

    def _write(self, write_if_due, index, logs):
        """Writes a line if it is time or there are scores; returns their names."""
        scores = set(logs) - {metric.name for metric in self.model.metrics}
        count = len(self.records)
        write_if_due(index, logs)
        if scores and len(self.records) == count:
            self.on_step(self.model_step(), logs)
        return scores

    def _write_all(self):
        with replacing(self.folder / "metrics.jsonl") as path:
            path.write_text("".join(map(_line, self.records)))


def read_metrics(folder):
    """Returns the lines of a run's `metrics.jsonl`, a list of dicts.

    A last line that an interrupted run left incomplete is passed over.

    Args:
        folder: Folder of a `Curves`.
    """
    path = Path(folder) / "metrics.jsonl"
    records = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            records.append(json.loads(line))
        except ValueError:
            continue
    return records


# What is drawn together, and under which title.
_PANELS = {
    "mean logits": ("d_real", "d_fake"),
    "Fréchet distance": ("fd",),
    "precision and recall": ("precision", "recall"),
    "density and coverage": ("density", "coverage"),
    "label agreement": ("agreement",),
}


def draw_curves(records, path):
    """Draws what belongs together in one plot, as all losses, and all else in its own.

    Args:
        records: Dicts as `read_metrics` returns.
        path: The PNG file to write.
    """
    series = {}
    for record in records:
        for name, value in record.items():
            if name not in ("step", "time") and value is not None:
                series.setdefault(name, []).append((record["step"], value))
    panels = {"losses": [name for name in series if name.endswith("_loss")]}
    panels |= {k: [n for n in names if n in series] for k, names in _PANELS.items()}
    grouped = {name for names in panels.values() for name in names}
    panels |= {name: [name] for name in series if name not in grouped}
    panels = {title: names for title, names in panels.items() if names}
    columns = min(3, max(1, len(panels)))
    rows = max(1, math.ceil(len(panels) / columns))
    # Not pyplot, whose figures and backend are global to the user's program.
    figure = Figure(figsize=(4.5 * columns, 3 * rows), layout="constrained")
    for i, (title, names) in enumerate(panels.items()):
        axes = figure.add_subplot(rows, columns, i + 1)
        for name in names:
            steps, values = zip(*series[name], strict=True)
            axes.plot(steps, values, label=name, marker="." if len(steps) < 30 else "")
        axes.set(title=title, xlabel="step")
        if len(names) > 1:
            axes.legend()
        lowest, highest = min(values), max(values)
        if len(names) == 1 and lowest > 0 and highest > 30 * lowest:
            axes.set_yscale("log")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)


def _line(record):
    return json.dumps(record) + "\n"
