"""What an exported file says about itself, read without running it."""

import json
import zipfile
from pathlib import Path

from kgan._core.errors import invalid
from kgan_export.facts import METADATA_KEY, parse_facts
from kgan_export.onnx_file import read_onnx

MEMBER = f"{METADATA_KEY}.json"  # in the ZIP archive at the end of a TFLite file
# In a SavedModel, and in a web page's folder.
FOLDER_FILES = f"assets.extra/{MEMBER}", MEMBER
MAX_BYTES = 2**24


def inspect(path):
    """Reads the metadata of an export in any format.

    Args:
        path: Path of an ONNX or TFLite file, of a SavedModel or of a web page's folder.

    Returns:
        The metadata, a dict.

    Raises:
        ValueError: If there are none, or they make no sense.
    """
    path = Path(path)
    if path.is_dir():
        text = _of_folder(path)
    elif path.suffix == ".tflite":
        text = _of_tflite(path)
    else:
        text = read_onnx(path).get(METADATA_KEY)
    return parse_facts(text, path)


def describe(facts):
    """Returns metadata as lines of text, one a key, leaving out what is unknown."""
    width = max(map(len, facts))
    return "\n".join(
        f"{key:{width}}  "
        + (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in facts.items()
        if value is not None
    )


def _of_folder(path):
    for name in FOLDER_FILES:
        file = path / name
        if file.is_file():
            _check_size(file, file.stat().st_size)
            return file.read_text("utf-8", errors="replace")
    return None


def _of_tflite(path):
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MEMBER) as stream:
            text = stream.read(MAX_BYTES + 1)  # however much it would unpack to
    except Exception:  # zipfile raises whatever the damage provokes
        return None
    _check_size(path, len(text))
    return text.decode("utf-8", errors="replace")


def _check_size(path, size):
    if size > MAX_BYTES:
        raise invalid(
            "The metadata of an export must be smaller than 16 MB.",
            {"path": str(path), "size": size},
            "Do not use this file unless you know where it comes from.",
        )
