"""Reads the tensors of a PyTorch file without PyTorch."""

import collections
import pickle
import struct

import numpy as np

_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
# Magic number, version of the protocol and byte order stand before the tensors.
_HEADERS = 3


class _Unpickler(pickle.Unpickler):
    """Makes descriptions of tensors, and nothing that runs code."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *description: description[:4]
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise ValueError(f"it names {module}.{name}, which is no tensor")

    def persistent_load(self, pid):
        _, dtype, key, *_ = pid
        return key, dtype


def read_tensors(path):
    """Returns the tensors of a state dict in the format before PyTorch 1.6.

    Args:
        path: The `.pth` file.

    Returns:
        Dict of arrays by name.

    Raises:
        ValueError: If the file holds anything else.
    """
    with open(path, "rb") as file:
        for _ in range(_HEADERS):
            _Unpickler(file).load()
        tensors = _Unpickler(file).load()
        sizes = {key: dtype.itemsize for (key, dtype), *_ in tensors.values()}
        storages = {}
        for key in _Unpickler(file).load():
            (count,) = struct.unpack("<q", file.read(8))
            storages[key] = file.read(count * sizes[key])
    return {
        # NumPy checks that it lies within the storage.
        name: np.ndarray(
            shape,
            dtype,
            storages[key],
            offset * dtype.itemsize,
            [step * dtype.itemsize for step in strides],
        )
        for name, ((key, dtype), offset, shape, strides) in tensors.items()
    }
