"""Replacement of files and folders, all or nothing."""

import os
from pathlib import Path

from kgan.errors import invalid


def check_target(path, folder):
    """Raises unless `path` is free or holds what an export may replace.

    Args:
        path: `Path` of the output.
        folder: Whether the output is a folder, a SavedModel.

    Raises:
        ValueError: If something else stands there.
    """
    if not path.exists():
        return
    # Not a `.keras` file: it may be the only copy of the source.
    is_other_file = path.is_file() and path.suffix != ".keras"
    replaceable = (path / "saved_model.pb").is_file() if folder else is_other_file
    if not replaceable:
        what = "a SavedModel" if folder else "an exported file"
        raise invalid(
            f"The output must be free, or {what} to replace.",
            {"path": str(path)},
            "Choose another name.",
        )


def replace(new, target, scratch):
    """Moves `new` to `target`; what stood there goes only once `new` is in place.

    Args:
        new: `Path` of the new file or folder, on the file system of `target`.
        target: `Path` of the output.
        scratch: `Path` of a folder that the caller deletes, also on that file system.
    """
    if not target.is_dir():
        os.replace(new, target)
        return
    # A folder cannot be replaced in one step: the old one steps aside, and back.
    old = Path(scratch, "replaced")
    os.rename(target, old)
    try:
        os.rename(new, target)
    except OSError:
        os.rename(old, target)
        raise


def size_of(path):
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
