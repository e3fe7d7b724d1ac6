"""Reads a data set by name, path or array."""

import functools
import os
import pathlib

from kgan._core.errors import invalid
from kgan._core.named_data import check_source
from kgan.data.arrays import from_arrays
from kgan.data.embedded_sets import read_digits, read_fashion_mnist
from kgan.data.folder import read_folder
from kgan.data.listing import folder_splits
from kgan.data.npz import array_names, read_npz
from kgan.data.pipeline import batches
from kgan.data.synthetic import read_points
from kgan.data.tfds import read_tfds

_NAMED = {
    "digits": read_digits,
    "fashion_mnist": read_fashion_mnist,
    "fashion_mnist:embedded": functools.partial(read_fashion_mnist, embedded=True),
    **{
        name: functools.partial(read_points, name)
        for name in ("ring", "grid", "swiss_roll")
    },
}


def read(
    source,
    split="train",
    image_shape=None,
    resize="crop",
    labels=True,
    value_range="auto",
):
    """Reads a data set into memory.

    Args:
        source: One of
            "digits" (scikit-learn's 1,500 and 297 digits, 8×8),
            "fashion_mnist" (28×28; all 60,000 and 10,000 images where Debian's
            `dataset-fashion-mnist` or a prepared TensorFlow Datasets set is on this
            machine, otherwise the embedded 9,000 and 1,000),
            "fashion_mnist:embedded" (these, on every machine),
            "ring", "grid", "swiss_roll" (points of the plane, 100,000 and 2,500),
            "tfds:NAME" (any TensorFlow Datasets set with images),
            the path of a folder of images, whose subfolders become classes,
            the path of a `.npz` file, an array `x`, or a tuple `(x, y)`.
        split: "train", or another split that the source has. Arrays, and folders and
            files without splits, have "train" alone.
        image_shape: `(height, width, channels)`. Named sets and folders are brought to
            it; arrays and `.npz` files must have it.
        resize: "crop" fills the frame and cuts what stands out, "letterbox" keeps the
            whole picture and adds black bars.
        labels: Whether to keep the labels.
        value_range: Range of the values of arrays and `.npz` files, see
            `kgan.data.from_arrays`. Pictures, and named sets, have their own.

    Returns:
        `Samples`.

    Raises:
        ValueError: If the source is unknown or its data are not as described.

    Example:

    >>> kgan.data.read("digits")
    <Samples digits: 1500 of 8×8×1 uint8, 10 classes>
    """
    if isinstance(source, os.PathLike):
        source = os.fspath(source)
    if not isinstance(source, str):
        return _read_arrays(source, split, image_shape, labels, value_range)
    check_source(source)
    path = pathlib.Path(source).expanduser()
    own = source in _NAMED or source.startswith("tfds:") or path.is_dir()
    if own and not isinstance(value_range, str):
        raise invalid(
            "Only arrays and `.npz` files need a `value_range`.",
            {"source": source, "value_range": value_range},
            "Leave it out: pictures are brought to [-1, 1] by their depth.",
        )
    if isinstance(image_shape, str) and image_shape == "auto" and not path.is_dir():
        image_shape = None
    if source in _NAMED:
        samples = _NAMED[source](split, image_shape, resize)
        return samples if labels else samples.without_labels()
    if source.startswith("tfds:"):
        name = source.removeprefix("tfds:")
        return read_tfds(name, split, image_shape, resize, labels)
    if path.is_dir():
        return read_folder(path, split, image_shape, resize, labels)
    return read_npz(path, split, image_shape, labels, value_range)


def load(
    source,
    batch_size=64,
    split="train",
    image_shape=None,
    resize="crop",
    labels=True,
    value_range="auto",
    shuffle=True,
    seed=0,
    start=0,
    repeat=False,
    drop_remainder=True,
    balanced=False,
    flip="none",
):
    """Reads a data set and serves it in batches: `kgan.data.read`, then `batches`.

    Args:
        source: See `kgan.data.read`, as are `split`, `image_shape`, `resize`, `labels`
            and `value_range`.
        batch_size: Samples in a batch; see `kgan.data.batches`, as are `shuffle`,
            `seed`, `start`, `repeat`, `drop_remainder`, `balanced` and `flip`.

    Returns:
        A `tf.data.Dataset` of `x` or `(x, y)`: `x` float32 in [-1, 1], `y` int64.

    Example:

    >>> data = kgan.data.load("fashion_mnist:embedded", batch_size=64)
    >>> data.element_spec[0].shape
    TensorShape([64, 28, 28, 1])
    """
    samples = read(source, split, image_shape, resize, labels, value_range)
    return batches(
        samples,
        batch_size,
        shuffle,
        seed,
        start,
        repeat,
        drop_remainder,
        balanced,
        flip,
    )


def has_split(source, split):
    """Returns whether a named set or path, as for `kgan.data.read`, has a split.

    Args:
        source: The name, or the path of a folder or `.npz` file that can be read.
        split: Name of the split.
    """
    if source in _NAMED:
        return split in ("train", "test")
    if source.startswith("tfds:"):
        import tensorflow_datasets as tfds

        return split in tfds.builder(source.removeprefix("tfds:")).info.splits
    path = pathlib.Path(source).expanduser()
    if path.is_dir():
        return split == "train" or split in folder_splits(path)
    return split == "train" or f"x_{split}" in array_names(path)


def absolute(source):
    """Returns a named set as it is, and a path that exists as an absolute path."""
    path = pathlib.Path(source).expanduser()
    if source in _NAMED or source.startswith("tfds:") or not path.exists():
        return source
    return str(path.resolve())


def _read_arrays(source, split, image_shape, labels, value_range):
    if split != "train":
        raise invalid(
            'Arrays have only split="train".',
            {"split": split},
            "Split them yourself and read each part.",
        )
    x, y = source if isinstance(source, tuple) else (source, None)
    return from_arrays(
        x,
        y if labels else None,
        image_shape=image_shape,
        value_range=value_range,
    )
