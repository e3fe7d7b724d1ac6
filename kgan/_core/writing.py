"""Files that are whole or not there. Needs no TensorFlow."""

import contextlib
import json
import os
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


def remove_leftovers(folder, suffix=""):
    """Removes the temporary files of processes that were killed while writing.

    Args:
        folder: A folder in which nobody else writes; it need not exist.
        suffix: Such as ".keras"; by default any.
    """
    for path in Path(folder).glob(f".*.tmp{suffix or '*'}"):
        path.unlink(missing_ok=True)


def write_bytes(path, content):
    """Writes a file that is whole or not there.

    Args:
        path: Where to write; folders are made.
        content: `bytes`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_json(path, value):
    """Writes a value as indented JSON into a file that is whole or not there."""
    write_bytes(path, (to_json(value) + "\n").encode())


def to_json(value):
    """Returns indented JSON text that every terminal and every file can hold."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    whole = text.replace("\n", "").isprintable()
    return text if whole else json.dumps(value, indent=2)
