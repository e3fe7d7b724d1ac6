"""What an ONNX file says, read without running or believing it.

Needs the standard library only: an application that samples has no `onnx` package, and
what comes from strangers is looked at before onnxruntime opens it.
"""

import mmap
import os
import stat

from kgan._core.errors import invalid

# By the numbers of onnx.proto, the fields on the way to what is looked for: where
# weights lie, the domains of operators, and the model's own properties.
FIELDS = {
    "model": {7: "graph", 14: "property", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute", 7: "domain"},
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
DOMAINS = "", "ai.onnx"  # two names of the standard one
MAX_DEPTH = 64
MAX_PARTS = 2**21
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
        ValueError: If it is no ONNX file, has operators outside ai.onnx, or names
            weights that are no plain part of a file in its folder.
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        if path.lower().endswith(".ort"):
            raise ValueError("onnxruntime reads another format under this name")
        with open(path, "rb") as stream:
            # Mapped: of weights, only their lengths are read.
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                found = _Reader(data)
                found.read(0, len(data), "model", 0)
    except (ValueError, IndexError) as error:
        raise invalid(
            "The file must be an ONNX model that onnxruntime can load.",
            {"path": path},
            f"It cannot be read: {error}.",
        ) from error
    for domain in sorted(found.domains.difference(DOMAINS)):
        raise invalid(
            "The file must have operators of ai.onnx only.",
            {"path": path, "domain": domain},
            "Others may do anything: run it by onnxruntime if you trust it.",
        )
    for place in found.external:
        _check_place(path, place)
    return found.properties


def _check_place(path, place):
    """Raises unless weights are a part of a file in the model's own folder, or below.

    Args:
        path: Path of the model.
        place: Dict of texts: `location`, `offset`, `length`.
    """
    location = place.get("location", "")
    folder = os.path.realpath(os.path.dirname(path) or ".")
    target = os.path.realpath(os.path.join(folder, location)) if location else ""
    # onnxruntime takes some locations with an asterisk as addresses in memory.
    plain = location.isprintable() and not set(location) & set('\\:*?"<>|')
    inside = target.startswith(os.path.join(folder, ""))
    if not plain or not inside or {"", ".", ".."} & set(location.split("/")):
        raise invalid(
            "Weights outside an ONNX file must lie in its folder.",
            {"path": path, "location": location},
            "Do not use this file unless you know where it comes from.",
        )
    try:
        status = os.stat(target)
    except OSError:
        status = None
    if status is None or not stat.S_ISREG(status.st_mode):
        raise invalid(
            "Weights outside an ONNX file must lie in a file beside it.",
            {"path": path, "location": location},
            "Put it where it was when the model was exported.",
        )
    numbers = [place.get(key, "0") for key in ("offset", "length")]
    if not all(x.isascii() and x.isdigit() and len(x) < 20 for x in numbers) or (
        sum(map(int, numbers)) > status.st_size
    ):
        raise invalid(
            "Weights outside an ONNX file must lie in a file beside it, all of them.",
            {"path": path, **place, "size": status.st_size},
            "The file is damaged or another one: export the model again.",
        )


class _Reader:
    """What is looked for in a protocol buffer.

    Args:
        data: The bytes, which are read by `read`.

    Attributes:
        properties: Dict from keys to texts.
        external: List of dicts of texts, one a tensor whose numbers lie elsewhere.
        domains: Set of the domains of all operators.
    """

    def __init__(self, data):
        self.properties, self.external, self.domains = {}, [], set()
        self._data, self._parts, self._text = data, 0, 0

    def read(self, start, end, kind, depth):
        """Reads one message and those inside it."""
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deeply")
        place = {}
        for number, begin, stop in self._fields(start, end):
            inner = FIELDS[kind].get(number)
            if inner == "property":
                self._add(self.properties, begin, stop)
            elif inner == "external":
                self._add(place, begin, stop)
            elif inner == "domain":
                self.domains.add(self._decode(begin, stop))
            elif inner is not None:
                self.read(begin, stop, inner, depth + 1)
        if place:
            self.external.append(place)

    def _fields(self, start, end):
        """Yields number, start and end of the fields that have a length."""
        data = self._data
        while start < end:
            self._parts += 1
            if self._parts > MAX_PARTS:
                raise ValueError("it has too many parts")
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

    def _add(self, texts, start, end):
        """Adds a pair of a key and a value."""
        pair = {1: "", 2: ""}
        for number, begin, stop in self._fields(start, end):
            pair[number] = self._decode(begin, stop)
        texts[pair[1]] = pair[2]

    def _decode(self, start, end):
        self._text += end - start
        if self._text > MAX_TEXT:
            raise ValueError("its texts are longer than 16 MB")
        return self._data[start:end].decode("utf-8")


def _varint(data, start):
    value = 0
    for shift in range(0, 70, 7):
        byte = data[start]
        start += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, start
    raise ValueError("a number is too long")
