"""Reads `.npz` files."""

import pathlib

import numpy as np

from kgan._core.errors import invalid
from kgan.data.arrays import from_arrays


def read_npz(path, split="train", image_shape=None, labels=True, value_range="auto"):
    """Reads samples and labels from a `.npz` file.

    The arrays are `x_train`, `y_train`, `x_test`, `y_test`, as in Keras's `mnist.npz`,
    or `x` and `y`, or a single array of any name; labels may be absent.

    Args:
        path: The file.
        split: "train", or any other for which there is an array `x_SPLIT`.
        image_shape: Shape that the images must have.
        labels: Whether to read the labels.
        value_range: See `kgan.data.from_arrays`.
    """
    path = pathlib.Path(path)
    with np.load(path, allow_pickle=False) as arrays:
        names = arrays.files
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
            arrays[x],
            arrays[y] if labels and y in names else None,
            name=path.stem,
            image_shape=image_shape,
            value_range=value_range,
        )
