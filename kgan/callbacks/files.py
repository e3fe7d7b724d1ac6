"""Files of a run: written whole or not at all, named by their step."""

import contextlib
import os
import re
from pathlib import Path


@contextlib.contextmanager
def replacing(path):
    """Gives a temporary path beside `path`, which replaces it after the block.

    If the block fails, the temporary file is removed and `path` stays as it was. What
    is written reaches the disk before it gets its name, for the sake of power cuts.

    Args:
        path: The file to write; its folder is made. The temporary name has the same
            suffix, by which Keras and Pillow choose the format.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        yield temporary
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder, suffix):
    """Removes the temporary files of processes that were killed while writing.

    Args:
        folder: A folder in which nobody else writes.
        suffix: Such as `".keras"`.
    """
    for path in Path(folder).glob(f".*.tmp{suffix}"):
        path.unlink()


def step_path(folder, step, suffix):
    """Returns the path `folder/step_000500.png` of step 500."""
    return Path(folder) / f"step_{step:06d}{suffix}"


def step_files(folder, suffix):
    """Returns a dict from steps, rising, to the files that `step_path` names."""
    pattern = re.compile(r"step_(\d+)" + re.escape(suffix))
    found = {}
    for path in Path(folder).glob(f"step_*{suffix}"):
        if match := pattern.fullmatch(path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))
