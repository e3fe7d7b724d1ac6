"""Files that are whole or not there."""

import json
import os
from pathlib import Path


def write_bytes(path, content):
    """Writes a file under a temporary name beside it, then renames it.

    Args:
        path: Where to write; folders are made.
        content: `bytes`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path, value):
    """Writes a value as indented JSON."""
    write_bytes(path, (to_json(value) + "\n").encode())


def to_json(value):
    """Returns indented JSON text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
