"""The folder of a training run: what it holds, and what it refuses."""

import json
import shlex
from pathlib import Path

from kgan._core.errors import invalid
from kgan.cli.files import write_json


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
        self.report_facts = self.path / "report.json"
        self.diagnosis = self.path / "diagnosis.json"
        self.diagnosis_plots = self.path / "diagnosis"
        self._config = self.path / "config.json"

    @property
    def resume_command(self):
        """The command that goes on with the run."""
        return f"kgan train --resume --out {shlex.quote(str(self.path))}"

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


def check_empty(path):
    """Raises a `ValueError` unless a path is free or an empty folder."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise invalid(
            "A new run needs an empty folder.",
            {"out": str(path)},
            "Choose another --out.",
        )


def changes(old, new, prefix=""):
    """Lists what differs between a run's settings and those asked for.

    Args:
        old: Dict of the run.
        new: Dict of what was asked for; keys that it lacks are not compared.
        prefix: Put before the names.

    Returns:
        Dict from names to lines such as `"batch_size: 64 -> 32"`.
    """
    lines = {}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            lines |= changes(before, value, f"{prefix}{key}.")
        elif value != before:
            lines[f"{prefix}{key}"] = f"{prefix}{key}: {before!r} -> {value!r}"
    return lines
