"""Replacement of files and folders, all or nothing."""

import hashlib
import os
from pathlib import Path

from kgan._core.errors import invalid

DATA_SUFFIX = ".data"


def check_target(path, marker=None):
    """Raises unless `path` is free or holds what an export may replace.

    Args:
        path: `Path` of the output.
        marker: Name of a file that tells an earlier export, if the output is a folder.

    Raises:
        ValueError: If something else stands there.
    """
    if not path.exists():
        return
    # Not a `.keras` file: it may be the only copy of the source.
    is_other_file = path.is_file() and path.suffix != ".keras"
    replaceable = (path / marker).is_file() if marker else is_other_file
    if not replaceable:
        what = f"an export with its {marker}" if marker else "an exported file"
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


def files_of(path):
    """List of an export: the weights that did not fit into it, if any, and itself."""
    data = path.with_name(f"{path.name}{DATA_SUFFIX}")
    return [data, path] if data.is_file() else [path]


def hashes(paths):
    """SHA-256 of files, and of the files in folders.

    Args:
        paths: List of `Path`s in one folder.

    Returns:
        List of dicts with `name`, relative to the folder, `size` and `sha256`.
    """
    files = []
    for path in paths:
        files += sorted(path.rglob("*")) if path.is_dir() else [path]
    return [
        {
            "name": file.relative_to(paths[0].parent).as_posix(),
            "size": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in files
        if file.is_file()
    ]


def size_of(path):
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
