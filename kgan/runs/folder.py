"""The folder of a training run: what it holds, and what it refuses.

Needs no TensorFlow until a checkpoint is looked for.
"""

import json
import os
import shlex
from pathlib import Path

from kgan._core.errors import invalid
from kgan._core.quiet import import_tensorflow
from kgan._core.writing import write_json


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
        self.report = self.path / "report.html"
        self.report_json = self.path / "report.json"
        self.diagnosis = self.path / "diagnosis.json"
        self.diagnosis_plots = self.path / "diagnosis"
        self._config = self.path / "config.json"

    @property
    def resume_command(self):
        """The command that goes on with the run."""
        return f"kgan train --resume --out {shlex.quote(str(self.path))}"

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
        if self._config.is_file():
            raise invalid(
                "A new run needs a folder of its own, but this holds a run.",
                {"out": str(self.path)},
                f"Go on with it by `{self.resume_command}`, or choose another --out.",
            )
        check_empty(self.path)

    def write_config(self, config):
        """Writes `config.json`."""
        write_json(self._config, config)

    def read_config(self):
        """Returns what `config.json` holds.

        Raises:
            ValueError: If the folder is no run folder.
        """
        try:
            config = json.loads(self._config.read_text("utf-8"))
            return config | {"settings": dict(config["settings"])}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise invalid(
                "A run folder holds a readable `config.json`.",
                {"folder": str(self.path)},
                f"`kgan train` makes one; check the path ({error}).",
            ) from error


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
