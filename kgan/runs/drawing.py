"""Samples as PNG files: one grid, or one file a sample. Needs no TensorFlow."""

import re

from kgan._core.images import encode_png, tile
from kgan._core.writing import write_bytes


def write_grid(path, images, columns=None):
    """Writes uint8 images `[N, H, W, C]` edge to edge as one PNG.

    Args:
        path: The file.
        images: The images.
        columns: Images in a row; by default nearly a square.
    """
    write_bytes(path, encode_png(tile(images, columns)))


def write_table(path, table):
    """Writes uint8 images `[rows, columns, H, W, C]` as one PNG."""
    write_grid(path, table.reshape(-1, *table.shape[2:]), table.shape[1])


def write_files(folder, samples, labels, class_names):
    """Writes one file a sample, such as `0007-3-dress.png` for sample 7 of class 3.

    Args:
        folder: The folder, a `Path`.
        samples: uint8 images `[N, H, W, C]`, or a dict of several outputs by name,
            whose files end in `-NAME.png`.
        labels: List of `N` classes, or None.
        class_names: List of the classes' names, or None.
    """
    named = samples if isinstance(samples, dict) else {"": samples}
    for name, images in named.items():
        suffix = f"-{name}" if name else ""
        digits = max(4, len(str(len(images) - 1)))
        for i, image in enumerate(images):
            title = f"{i:0{digits}}"
            if labels is not None:
                title += f"-{labels[i]}"
                if class_names:
                    word = class_names[labels[i]].lower()
                    title += "-" + re.sub(r"\W+", "_", word).strip("_")
            write_bytes(folder / f"{title}{suffix}.png", encode_png(image))
