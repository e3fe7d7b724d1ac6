"""Where an export of each format keeps its metadata, read without running it."""

import os

from kgan._core.errors import invalid
from kgan_export.interface.metadata import METADATA_FILE, METADATA_KEY, parse
from kgan_export.interface.onnx_properties import read_onnx

# In a SavedModel, and in a web page's folder.
FOLDER_FILES = f"assets.extra/{METADATA_FILE}", METADATA_FILE
MAX_BYTES = 2**24


def read_metadata(path):
    """Reads the metadata of an export in any format.

    Args:
        path: Path of an ONNX or TFLite file, of a SavedModel or of a web page's folder.

    Returns:
        The metadata, a dict.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it has none, or they make no sense.
    """
    path = os.fspath(path)
    if os.path.isdir(path):
        text = _of_folder(path)
    elif path.endswith(".tflite"):
        text = _of_tflite(path)
    else:
        text = read_onnx(path).get(METADATA_KEY)
    return parse(text, path)


def _of_folder(path):
    for name in FOLDER_FILES:
        file = os.path.join(path, name)
        if os.path.isfile(file):
            _check_size(file, os.path.getsize(file))
            with open(file, encoding="utf-8", errors="replace") as stream:
                return stream.read()
    return None


def _of_tflite(path):
    import zipfile  # not at the top: a sampler of ONNX files starts faster without

    # TFLite files carry an archive at their end.
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(METADATA_FILE) as stream,
        ):
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
