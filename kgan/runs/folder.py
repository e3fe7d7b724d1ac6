"""The folder of a training run: what it holds, and what it refuses.

Needs no TensorFlow until a checkpoint is looked for.
"""

import json
import os
import shlex
from pathlib import Path

from kgan._core.errors import invalid
from kgan._core.quiet import import_tensorflow
from kgan._core.writing import remove_leftovers, write_json
from kgan.runs import schema
from kgan.runs.lock import Lock

# What consumers ask of a configuration, where one of an earlier version lacks it.
_MISSING = {
    "preset": "unknown",
    "dataset": "unknown",
    "data": None,
    "class_names": None,
    "licence": None,
    "evaluate_every": 0,
    "save_every": 1000,
    "sample_every": 1000,
}


class RunFolder:
    """Paths and configuration of a run.

    Args:
        path: The folder, which need not exist.
    """

    def __init__(self, path):
        self.path = Path(path)
        self.checkpoints = self.path / "checkpoints"
        self.samples = self.path / "samples"
        self.tensorboard = self.path / "tensorboard"
        self.model = self.path / "model.keras"
        self.curves = self.path / "curves.png"
        self.scores = self.path / "scores.json"
        self.scale = self.path / "scale.json"
        self.nearest = self.path / "nearest.png"
        self.report = self.path / "report.html"
        self.report_json = self.path / "report.json"
        self.diagnosis = self.path / "diagnosis.json"
        self.diagnosis_plots = self.path / "diagnosis"
        self._config = self.path / "config.json"
        self._lock = Lock(self.path / ".lock")

    @property
    def resume_command(self):
        """The command that goes on with the run."""
        return f"kgan train --resume --out {shlex.quote(str(self.path))}"

    @property
    def holds_model(self):
        """Whether there is a finished model, or there may be a checkpoint."""
        return self.model.is_file() or self.checkpoints.is_dir()

    def model_file(self, say):
        """Returns the path of the finished model, or else of the last checkpoint.

        Args:
            say: Called with a line if it is a checkpoint.

        Returns:
            A `Path`, or None if the folder holds neither.
        """
        if self.model.is_file():
            return self.model
        if not self.checkpoints.is_dir():
            return None
        import_tensorflow()
        from kgan.callbacks import latest_checkpoint

        checkpoint = latest_checkpoint(self.checkpoints)
        if checkpoint:
            say(f"The run has no model.keras yet: taking {checkpoint.name}.")
        return checkpoint

    def check_free(self):
        """Raises a `ValueError` if something is in the folder's place."""
        self._check_no_run()
        check_empty(self.path)

    def _check_no_run(self):
        if self._config.is_file():
            raise invalid(
                "A new run needs a folder of its own, but this holds a run.",
                {"out": str(self.path)},
                f"Go on with it by `{self.resume_command}`, or choose another --out.",
            )

    def write_config(self, config):
        """Writes `config.json`."""
        write_json(self._config, config)

    def read_config(self):
        """Returns what `config.json` holds.

        Raises:
            ValueError: If the folder is no run folder.
        """
        try:
            config = schema.read_config(self._config.read_bytes())
        except (OSError, ValueError) as error:
            raise invalid(
                "A run folder holds a readable `config.json`.",
                {"folder": str(self.path)},
                f"`kgan train` makes one; check the path ({error}).",
            ) from error
        return {**_MISSING, **config}

    def acquire(self, new=False):
        """Makes this process the only one that trains here, and tidies up.

        Args:
            new: Whether a run is to start, where none may have started meanwhile.

        Raises:
            ValueError: If another process trains here, or a run is here already.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        if new:
            self._check_no_run()
        for folder in (self.path, self.samples, self.diagnosis_plots):
            remove_leftovers(folder)

    def release(self):
        """Lets other processes train here."""
        self._lock.release()

    def check_there(self):
        """Raises a `FileNotFoundError` if the folder was deleted while held."""
        if self._lock.lost or not self._config.is_file():
            raise FileNotFoundError(
                "The run's folder was deleted or moved while it was trained in.\n"
                f"Received: folder={str(self.path)!r}. Training stopped, so that "
                "nothing is written beside what may stand there now; start it anew."
            )


def read_json(path):
    """Returns what a JSON file holds; {} if there is none."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}


def check_empty(path):
    """Raises a `ValueError` unless a path is free or an empty folder."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise invalid(
            "A new run needs an empty folder.",
            {"out": str(path)},
            "Choose another --out.",
        )


def default_folder(preset, *data):
    """Returns `runs/PRESET-DATA`.

    Args:
        preset: Name of the preset.
        *data: Names or paths of the data of each domain; arrays are called "array".
    """
    return Path("runs", "-".join([preset, *map(_name, data)]).replace("/", "-"))


def _name(data):
    if not isinstance(data, str | os.PathLike):
        return "array"
    return Path(data).stem if Path(data).exists() else str(data).replace(":", "-")
