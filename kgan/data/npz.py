"""Reads `.npz` files, which may be damaged or come from anywhere."""

import math
import os
import pathlib
import zipfile

import numpy as np

from kgan._core.errors import invalid
from kgan.data.arrays import from_arrays

# Share of this machine's memory that an array may take.
_MEMORY = 0.5


def read_npz(path, split="train", image_shape=None, labels=True, value_range="auto"):
    """Reads samples and labels from a `.npz` file.

    The arrays are `x_train`, `y_train`, `x_test`, `y_test`, as in Keras's `mnist.npz`,
    or `x` and `y`, or a single array of any name; labels may be absent. Nothing in the
    file is executed, and no more memory is used than its arrays say, once that is
    known to be what the file holds.

    Args:
        path: The file.
        split: "train", or any other for which there is an array `x_SPLIT`.
        image_shape: Shape that the images must have.
        labels: Whether to read the labels.
        value_range: See `kgan.data.from_arrays`.

    Raises:
        ValueError: If the file is damaged or no `.npz` file, an array is larger than
            half of this machine's memory, or the arrays do not serve.
        OSError: If the file cannot be opened.
    """
    path = pathlib.Path(path)
    names = array_names(path)
    if f"x_{split}" in names:
        x, y = f"x_{split}", f"y_{split}"
    elif split == "train" and "x" in names:
        x, y = "x", "y"
    elif split == "train" and len(names) == 1:
        x, y = names[0], None
    else:
        raise invalid(
            f"A .npz file must hold `x_{split}`"
            + (", `x` or a single array." if split == "train" else "."),
            {"path": str(path), "arrays": names},
            f"Save it with `np.savez(path, x_{split}=x, y_{split}=y)`.",
        )
    return from_arrays(
        _array(path, x),
        _array(path, y) if labels and y in names else None,
        name=path.stem,
        image_shape=image_shape,
        value_range=value_range,
    )


def array_names(path):
    """Returns the names of the arrays of a `.npz` file.

    Raises:
        ValueError: If it is none.
    """

    def names(archive):
        return [name.removesuffix(".npy") for name in archive.namelist()]

    return _read(path, names)


def _array(path, name):
    def array(archive):
        member = f"{name}.npy" if f"{name}.npy" in archive.namelist() else name
        with archive.open(member) as file:
            shape, dtype = _header(file)
            size, held = math.prod(shape) * dtype.itemsize, archive.getinfo(member)
            if dtype.hasobject or size != held.file_size - file.tell():
                raise ValueError(
                    f"the array {name} is said to be {shape} of {dtype}, which is not "
                    "what it holds"
                )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        if size > _MEMORY * memory:
            raise ValueError(
                f"the array {name} needs {size / 1e9:.0f} GB, more than half of this "
                "machine's memory"
            )
        with archive.open(member) as file:
            return np.lib.format.read_array(file, allow_pickle=False)

    return _read(path, array)


def _header(file):
    """Returns the shape and dtype that a `.npy` file says it holds."""
    version = np.lib.format.read_magic(file)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, _, dtype = read(file)
    return shape, dtype


def _read(path, use):
    """Returns what a function makes of an open `.npz` file."""
    with open(path, "rb") as file:  # what cannot be opened is no damaged file
        try:
            with zipfile.ZipFile(file) as archive:
                return use(archive)
        except Exception as error:  # zip, zlib and NumPy raise many kinds
            first = str(error).strip("'\" \n").split("\n")[0]
            raise invalid(
                "A .npz file must be whole, and one that `np.savez` wrote.",
                {"path": str(path)},
                f"Copy or save it anew; it cannot be read: {first[:300]} "
                f"({type(error).__name__}).",
            ) from error
