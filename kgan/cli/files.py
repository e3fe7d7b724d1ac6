"""Files that are whole or not there."""

import json

from kgan._core.files import replacing


def write_bytes(path, content):
    """Writes a file under a temporary name beside it, then renames it.

    Args:
        path: Where to write; folders are made.
        content: `bytes`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_json(path, value):
    """Writes a value as indented JSON."""
    write_bytes(path, (to_json(value) + "\n").encode())


def to_json(value):
    """Returns indented JSON text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
