"""Where an export of each format keeps its metadata, read without running it."""

import os

from kgan_export.interface import INTERFACES
from kgan_export.interface.metadata import (
    MAX_BYTES,
    METADATA_FILE,
    METADATA_KEY,
    check_size,
    key_of,
    parse,
)
from kgan_export.onnx_file import read_onnx

# In a SavedModel, and in a web page's folder.
FOLDER_FILES = f"assets.extra/{METADATA_FILE}", METADATA_FILE


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
        properties = read_onnx(path)
        keys = [METADATA_KEY, *map(key_of, INTERFACES)]  # the first also of old files
        text = next((properties[key] for key in keys if key in properties), None)
    return parse(text, path)


def _of_folder(path):
    for name in FOLDER_FILES:
        file = os.path.join(path, name)
        if os.path.isfile(file):
            check_size(os.path.getsize(file), file)
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
    check_size(len(text), path)
    return text.decode("utf-8", errors="replace")
