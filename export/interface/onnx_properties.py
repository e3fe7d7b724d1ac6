"""What an ONNX file says, read without running or believing it.

Needs the standard library only: an application that samples has no `onnx` package, and
what comes from strangers is looked at before onnxruntime opens it.
"""

import mmap
import os

from kgan._core.errors import invalid

# By the numbers of onnx.proto, the fields on the way to what is looked for: file names
# of weights and the model's own properties.
FIELDS = {
    "model": {7: "graph", 14: "property", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        22: "sparse",
        23: "sparse",
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "external"},
}
ENTRIES = "property", "external"  # pairs of a key and a value
MAX_DEPTH = 64
MAX_TEXT = 2**24
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def read_onnx(path):
    """Reads the properties of an ONNX file, and refuses one that reaches further.

    Args:
        path: Path of the file.

    Returns:
        Dict from keys to texts, the model's `metadata_props`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no ONNX file, or names weights outside its folder.
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"There is no file {path}.")
    properties, locations = {}, set()
    try:
        with open(path, "rb") as stream:
            # Mapped: of weights, only their lengths are read.
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                for kind, key, value in _entries(data, 0, len(data), "model", 0):
                    if kind == "property":
                        properties[key] = value
                    elif key == "location":
                        locations.add(value)
    except (ValueError, IndexError) as error:
        raise invalid(
            "The file must be an ONNX model that onnxruntime can load.",
            {"path": path},
            f"It cannot be read: {error}.",
        ) from error
    for location in sorted(locations):
        _check_location(path, location)
    return properties


def _check_location(path, location):
    """Raises unless weights lie in a file in the model's own folder, or below it."""
    folder = os.path.realpath(os.path.dirname(path) or ".")
    target = os.path.realpath(os.path.join(folder, location))
    if not location or "\\" in location or not target.startswith(folder + os.sep):
        raise invalid(
            "Weights outside an ONNX file must lie in its folder.",
            {"path": path, "location": location},
            "Do not use this file unless you know where it comes from.",
        )


def _entries(data, start, end, kind, depth):
    """Yields kind, key and value of every entry inside a message."""
    if depth > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    for number, begin, stop in _messages(data, start, end):
        inner = FIELDS[kind].get(number)
        if inner in ENTRIES:
            yield inner, *_entry(data, begin, stop)
        elif inner is not None:
            yield from _entries(data, begin, stop, inner, depth + 1)


def _entry(data, start, end):
    texts = {1: "", 2: ""}
    for number, begin, stop in _messages(data, start, end):
        if stop - begin > MAX_TEXT:
            raise ValueError("a property is longer than 16 MB")
        texts[number] = data[begin:stop].decode("utf-8")
    return texts[1], texts[2]


def _messages(data, start, end):
    """Yields number, start and end of the fields that have a length."""
    while start < end:
        tag, start = _varint(data, start)
        wire = tag & 7
        if wire == BYTES:
            length, start = _varint(data, start)
            if length > end - start:
                raise ValueError("a part is longer than the whole")
            yield tag >> 3, start, start + length
            start += length
        elif wire == VARINT:
            _, start = _varint(data, start)
        elif wire in (FIXED32, FIXED64):
            start += 4 if wire == FIXED32 else 8
        else:
            raise ValueError("it is no protocol buffer")
    if start != end:
        raise ValueError("it is cut off")


def _varint(data, start):
    value = 0
    for shift in range(0, 70, 7):
        byte = data[start]
        start += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, start
    raise ValueError("a number is too long")
