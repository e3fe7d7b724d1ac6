"""Reads any TensorFlow Datasets set of images."""

import numpy as np

from kgan._core.errors import invalid
from kgan.data.arrays import from_arrays
from kgan.data.pipeline import without_autotune
from kgan.data.resize import check_resize, to_shape


def read_tfds(name, split="train", image_shape=None, resize="crop", labels=True):
    """Reads the `image` and, where there is one, `label` of a TensorFlow Datasets set.

    A set that is not prepared on this machine is downloaded by TensorFlow Datasets.

    Args:
        name: Name for `tfds.builder`, such as "cifar10" or "cifar10:3.0.2".
        split: Any split of the set, slices such as "train[:10%]" included.
        image_shape: `(height, width, channels)`; by default the set's, if it has one.
        resize: "crop" or "letterbox".
        labels: Whether to read the labels.

    Returns:
        `Samples`, uint8.

    Raises:
        ValueError: If the set is unknown, cannot be prepared, or has no images.
    """
    import tensorflow_datasets as tfds
    from PIL import Image

    check_resize(image_shape, resize)
    builder = _prepared(tfds, name)
    features = builder.info.features
    feature = dict(features).get("image")
    if not isinstance(feature, tfds.features.Image) or feature.np_dtype != np.uint8:
        raise invalid(
            "A TensorFlow Datasets set must have a feature `image` of uint8 images.",
            {"name": name, "features": features},
            "Choose another set, or turn it into arrays yourself.",
        )
    image_shape = tuple(image_shape or feature.shape)
    if None in image_shape:
        raise invalid(
            "Images of different sizes need an `image_shape` to be brought to.",
            {"name": name, "image_shape": image_shape},
            "Pass, for example, image_shape=(64, 64, 3).",
        )
    try:
        count = builder.info.splits[split].num_examples
    except (KeyError, ValueError) as error:
        raise invalid(
            "`split` must be a split of the set, or a slice of one.",
            {"split": split, "name": name},
            f"Use one of {list(builder.info.splits)}, or such as 'train[:10%]'.",
        ) from error
    label = dict(features).get("label")
    if not labels or not isinstance(label, tfds.features.ClassLabel):
        label = None
    x = np.empty((count, *image_shape), "uint8")
    y = None if label is None else np.empty(count, "int64")
    dataset = without_autotune(builder.as_dataset(split=split))
    for index, example in enumerate(tfds.as_numpy(dataset)):
        image = example["image"]
        if image.shape != image_shape:
            image = image[..., 0] if image.shape[-1] == 1 else image
            image = to_shape(Image.fromarray(image), image_shape, resize)
        x[index] = image
        if label is not None:
            y[index] = example["label"]
    rights = builder.info.redistribution_info
    return from_arrays(
        x,
        y,
        class_names=None if label is None else label.names,
        name=f"tfds:{name}",
        value_range=(0, 255),
        licence=(rights and rights.license) or None,
    )


def _prepared(tfds, name):
    try:
        builder = tfds.builder(name)
    except tfds.core.DatasetNotFoundError as error:
        raise invalid(
            "`tfds:NAME` must name a TensorFlow Datasets set.",
            {"name": name},
            "`tfds.list_builders()` lists them.",
        ) from error
    if not builder.is_prepared():
        try:
            builder.download_and_prepare()
        except Exception as error:  # network, checksum, disk, missing package
            raise invalid(
                "The set is not prepared on this machine, and preparing it failed: "
                f"{type(error).__name__}: {str(error).splitlines()[0]}",
                {"name": name, "data_dir": str(builder.data_path)},
                "Check the network, or copy a prepared set there.",
            ) from error
    return builder
