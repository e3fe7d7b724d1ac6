"""The data sets that come with kgan or with the packages that it needs."""

import gzip
import importlib.resources
import lzma
import pathlib

import numpy as np

from kgan._core.errors import one_of
from kgan.data.arrays import from_arrays
from kgan.data.resize import resize_all

_FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_FASHION_DEBIAN = pathlib.Path("/usr/share/datasets/fashion-mnist")
_FASHION_TRAIN = 9000  # of the embedded 10,000; the rest is for testing


def read_digits(split="train", image_shape=None, resize="crop"):
    """Reads scikit-learn's 1,797 handwritten digits, 8×8 grey.

    The first 1,500 are the train split, the last 297, by other writers, the test split.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype("uint8")[..., None]
    chosen = _choose(split, {"train": slice(1500), "test": slice(1500, None)})
    return from_arrays(
        resize_all(images[chosen], image_shape, resize),
        digits.target[chosen],
        class_names=digits.target_names,
        name="digits",
        licence="CC BY 4.0, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository",
    )


def read_fashion_mnist(split="train", image_shape=None, resize="crop", embedded=False):
    """Reads Fashion-MNIST, 28×28 grey, 10 classes.

    All 60,000 and 10,000 images where Debian's `dataset-fashion-mnist` is installed or
    TensorFlow Datasets has the set prepared; otherwise, or with `embedded=True`, the
    first 9,000 of the train split and the first 1,000 of the test split. Never
    downloads.
    """
    if embedded or not (arrays := _fashion_debian(split) or _fashion_tfds(split)):
        arrays = _fashion_embedded(split)
    images, labels = arrays
    return from_arrays(
        resize_all(images, image_shape, resize),
        labels,
        class_names=_FASHION_CLASSES,
        name="fashion_mnist:embedded" if embedded else "fashion_mnist",
        licence="MIT, Zalando SE",
    )


def _choose(split, splits):
    fix = "Other splits exist for `tfds:` names and for folders that hold them."
    return splits[one_of("split", split, splits, fix)]


def _fashion_debian(split):
    prefix = _choose(split, {"train": "train", "test": "t10k"})
    if not (_FASHION_DEBIAN / f"{prefix}-labels-idx1-ubyte.gz").exists():
        return None
    images = _read_idx(_FASHION_DEBIAN / f"{prefix}-images-idx3-ubyte.gz")
    return images[..., None], _read_idx(
        _FASHION_DEBIAN / f"{prefix}-labels-idx1-ubyte.gz"
    )


def _read_idx(path):
    """Reads a gzipped IDX file of bytes: magic 0 0 8 rank, big-endian sizes, values."""
    data = gzip.decompress(path.read_bytes())
    rank = data[3]
    sizes = np.frombuffer(data, ">u4", count=rank, offset=4)
    return np.frombuffer(data, "uint8", offset=4 + 4 * rank).reshape(sizes)


def _fashion_tfds(split):
    try:
        import tensorflow_datasets as tfds
    except ImportError:
        return None
    builder = tfds.builder("fashion_mnist")
    if not builder.is_prepared():
        return None
    whole = tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1))
    return whole["image"], whole["label"]


def _fashion_embedded(split):
    chosen = _choose(
        split,
        {"train": slice(_FASHION_TRAIN), "test": slice(_FASHION_TRAIN, None)},
    )
    file = importlib.resources.files("kgan.data") / "embedded/fashion_mnist.npy.xz"
    with file.open("rb") as compressed, lzma.open(compressed) as arrays:
        images, labels = np.load(arrays), np.load(arrays)
    return images[chosen], labels[chosen]
