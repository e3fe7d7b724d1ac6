"""A run of Turing Learning on disk."""

import hashlib
import json
import re
import time
from pathlib import Path

import numpy as np

from kgan._core.errors import invalid
from kgan._core.writing import replacing


class RunFile:
    """Keeps what a run needs to go on: one `.npz` file without pickles.

    Optimizers are not stored: they repeat all that they did from the costs that they
    were told. Writing takes at most a twentieth of the time of a run.

    Args:
        path: The file; `None` keeps nothing.
        settings: A dict of what must be the same when the run is resumed.
    """

    def __init__(self, path, settings):
        self.path = path and Path(path)
        # Functions tell their address, which differs from process to process.
        self.settings = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(settings))
        self._due = 0.0

    def read(self):
        """Returns a dict of arrays and a dict of values, or `None` without a file."""
        if not (self.path and self.path.exists()):
            return None
        try:
            with np.load(self.path) as file:
                arrays = dict(file)
            values = json.loads(str(arrays.pop("values")))
        except Exception as error:
            raise invalid(
                "`checkpoint` must be a file that a run of Turing Learning wrote.",
                {"checkpoint": str(self.path), "error": str(error)},
                "Name another file, which a new run will create.",
            ) from error
        if values.pop("settings") != self.settings:
            raise invalid(
                "A run can only be resumed with its own settings and data.",
                {"checkpoint": str(self.path), "settings": self.settings},
                "Restore them, or name another file to start anew.",
            )
        return arrays, values

    def write(self, arrays, values, last=False):
        """Replaces the file, if it is due or the `last` time."""
        began = time.monotonic()
        if self.path is None or (began < self._due and not last):
            return
        values = json.dumps({**values, "settings": self.settings})
        with replacing(self.path) as temporary, open(temporary, "wb") as file:
            np.savez(file, values=values, **arrays)
        now = time.monotonic()
        self._due = now + 20 * (now - began)


def digest(array):
    """Returns a short text that differs for other arrays."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def repeat(search, told):
    """Makes a fresh optimizer repeat what it did when it was told costs `[n]`."""
    done = 0
    while done < len(told):
        candidates = search.ask()
        search.tell(candidates, told[done : done + len(candidates)])
        done += len(candidates)
