"""Checks arrays and turns them into `Samples`."""

import warnings

import numpy as np

from kgan._core.errors import invalid
from kgan.data.samples import Samples
from kgan.data.value_range import find_range

# Classes that labels may tell without a number of classes, unless samples are more.
_CLASSES = 1000
_KINDS = {2: "points", 3: "audio", 4: "images", 5: "video"}


def from_arrays(
    x,
    y=None,
    num_classes=None,
    class_names=None,
    name="array",
    image_shape=None,
    value_range="auto",
    licence=None,
    remark=None,
):
    """Checks arrays and returns them as `Samples`.

    What `x` holds is read from its rank:

    | `x` | taken as |
    | --- | --- |
    | `[N, d]`, float | points, passed through as float32, whatever their range |
    | `[N, H, W]`, uint8 | grey images; a channel axis is added |
    | `[N, T, C]`, float, C of 1 or 2 | audio, which must be in [-1, 1] |
    | `[N, H, W]`, float, W over 2 | grey images; a channel axis is added |
    | `[N, H, W, C]` | images |
    | `[N, F, H, W, C]` | video, uint8 or float in [-1, 1] |

    Args:
        x: Array-like of samples: floats, or integers in 0–255.
        y: Integer labels `[N]` or `[N, 1]`, -1 where unknown; or attributes, numbers
            `[N, D]`; or images `[N, H, W, C]` as conditions, uint8 or floats; or a dict
            of both by the names `label` and `condition`; or None.
        num_classes: Number of classes; by default `len(class_names)`, or the largest
            label plus one.
        class_names: Names of the classes, in the order of the labels.
        name: Name of the data set.
        image_shape: `(height, width, channels)` that the images must have. Without it
            images must have 1 to 4 channels.
        value_range: `(low, high)` of the values in `x`, which become [-1, 1]. With
            "auto", integers are 0–255, and float images are taken as [-1, 1] where
            some value is negative, as [0, 1] where none is above 1, else as [0, 255].
        licence: Licence and owner of the data.
        remark: What was left out where the data were read.

    Returns:
        `Samples`. A float32 array in [-1, 1] and a uint8 array are not copied.

    Raises:
        ValueError: If rank, range, channels or labels are not as above, or `x` is empty
            or holds NaN or infinity.

    Example:

    >>> images = np.zeros((4, 28, 28), "uint8")
    >>> kgan.data.from_arrays(images, [0, 1, 2, 1])
    <Samples array: 4 of 28×28×1 uint8, 3 classes>
    """
    x = np.asarray(x)
    _check_numbers(x)
    if _is_grey(x):
        x = x[..., None]
    kind = _KINDS[x.ndim]
    _check_channels(x, kind, image_shape)
    y, condition = _conditions(y, len(x))
    class_names = None if class_names is None else tuple(map(str, class_names))
    return Samples(
        x=x.astype("float32", copy=False)
        if kind == "points"
        else _scale(x, kind, value_range),
        y=y,
        num_classes=_check_classes(y, num_classes, class_names),
        class_names=class_names,
        name=name,
        licence=licence,
        condition=condition,
        remark=remark,
    )


def _conditions(y, count):
    """Returns the labels and the attributes of samples, each checked or None."""
    if isinstance(y, dict):
        label, condition = y.get("label"), y.get("condition")
    elif np.ndim(y) > 1 and (
        np.shape(y)[1:] != (1,) or np.asarray(y).dtype.kind == "f"
    ):
        label, condition = None, y
        _check_not_one_hot(np.asarray(y))
    else:
        label, condition = y, None
    return (
        None if label is None else _check_labels(label, count),
        None if condition is None else _check_condition(condition, count),
    )


def _check_condition(condition, count):
    condition = np.asarray(condition)
    if condition.dtype.kind not in "fiub" or condition.shape[:1] != (count,):
        raise invalid(
            "Attributes must be numbers, one row a sample.",
            {"shape": condition.shape, "dtype": condition.dtype.name, "len(x)": count},
            "Pass floats [N, D].",
        )
    if condition.dtype == np.uint8 and condition.ndim > 2:
        return condition / np.float32(127.5) - np.float32(1)
    condition = condition.astype("float32", copy=False)
    finite = np.isfinite(condition).reshape(count, -1).all(axis=1)
    if not finite.all():
        raise invalid(
            "Attributes must be finite.",
            {"rows with NaN or infinity": int((~finite).sum())},
            "Remove or repair them.",
        )
    return condition


def _check_not_one_hot(y):
    """Checks that what was given without a name is not one-hot labels."""
    if y.ndim != 2 or y.shape[1] == 1 or not np.isin(y, (0, 1)).all():
        return
    if (y.sum(axis=1) == 1).all():
        raise invalid(
            "Labels must be one integer a sample; these are one-hot.",
            {"y.shape": y.shape},
            "Turn one-hot labels into integers with `y.argmax(axis=1)`, or, to train "
            "on them as attributes, pass them by name: {'condition': y}.",
        )


def _check_numbers(x):
    if x.ndim not in (2, 3, 4, 5):
        raise invalid(
            "Samples must have rank 2 (points), 3 (grey images or audio), 4 (images) "
            "or 5 (video).",
            {"x.shape": x.shape},
            "A single image needs a leading axis: `x[None]`.",
        )
    if x.size == 0:
        raise invalid(
            "A data set must hold at least one sample.",
            {"x.shape": x.shape},
            "Check the filter or the path that it comes from.",
        )
    if x.dtype.kind not in "fiu":
        raise invalid(
            "Samples must be numbers: uint8, other integers in 0–255, or floats.",
            {"x.dtype": x.dtype.name},
            "Convert them, for example with `x.astype('float32')`.",
        )
    if x.ndim == 2 and x.dtype.kind != "f":
        raise invalid(
            "Samples of rank 2 are points and must be floats.",
            {"x.dtype": x.dtype.name, "x.shape": x.shape},
            "Reshape flattened images to [N, height, width, channels]; convert points "
            "with `x.astype('float32')`.",
        )
    # The extremes are NaN or infinite where any value is, and need no copy.
    if not (np.isfinite(x.min()) and np.isfinite(x.max())):
        bad = np.flatnonzero(~np.isfinite(x).reshape(len(x), -1).all(axis=1))
        raise invalid(
            "Samples must be finite.",
            {"x[i] with NaN or infinity at i": bad[:10].tolist()},
            "Remove or repair them.",
        )


def _is_grey(x):
    return x.ndim == 3 and (x.dtype.kind != "f" or x.shape[-1] > 2)


def _check_channels(x, kind, image_shape):
    if image_shape is not None:
        if x.shape[1:] != tuple(image_shape):
            raise invalid(
                "Arrays must have the asked `image_shape`; they are not resized.",
                {"image_shape": tuple(image_shape), "x.shape": x.shape},
                "Leave `image_shape` out or resize the array.",
            )
    elif kind in ("images", "video") and not 1 <= x.shape[-1] <= 4:
        raise invalid(
            "Images and video must be channels-last with 1 to 4 channels.",
            {"x.shape": x.shape},
            "Move the channel axis with `np.moveaxis(x, 1, -1)`, or pass `image_shape` "
            "if the last axis really is the channels.",
        )


def _scale(x, kind, value_range):
    """Returns uint8 0–255 as it is, everything else as float32 in [-1, 1]."""
    integers = x.dtype.kind != "f"
    low, high = float(x.min()), float(x.max())
    bottom, top = find_range(low, high, integers, kind, value_range)
    if integers and (bottom, top) == (0, 255):
        return x.astype("uint8", copy=False)
    x = x.astype("float32", copy=False)
    if (bottom, top) == (-1, 1):
        return x
    return (x - np.float32(bottom)) * np.float32(2 / (top - bottom)) - np.float32(1)


def _check_labels(y, count):
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.shape != (count,):
        raise invalid(
            "Labels must be one integer a sample.",
            {"y.shape": y.shape, "len(x)": count},
            "Turn one-hot labels into integers with `y.argmax(axis=1)`.",
        )
    if y.dtype.kind not in "iu" or (y.size and int(y.max()) >= 2**63):
        raise invalid(
            "Labels must be integers.",
            {"y.dtype": y.dtype.name},
            "Use `class_names, y = np.unique(y, return_inverse=True)`.",
        )
    return y.astype("int64", copy=False)


def _count(y):
    """Returns the number of classes that labels without names tell."""
    lowest, count = int(y.min()), int(y.max()) + 1
    if count > max(_CLASSES, len(y)):
        raise invalid(
            f"Labels must number classes, and those of {len(y)} samples are at most "
            f"{max(_CLASSES, len(y))}.",
            {"y.max()": count - 1},
            "Number them from 0 without gaps: `class_names, y = np.unique(y, "
            "return_inverse=True)`; or pass `num_classes`.",
        )
    if lowest > 0:
        warnings.warn(
            f"No sample has a label below {lowest}: labels from {lowest} to "
            f"{count - 1} make {count} classes, as they count from 0. Subtract "
            f"{lowest}, or pass `num_classes`.",
            stacklevel=5,
        )
    return count


def _check_classes(y, num_classes, class_names):
    if y is None:
        if num_classes is not None or class_names is not None:
            raise invalid(
                "`num_classes` and `class_names` need labels.",
                {"y": None, "num_classes": num_classes, "class_names": class_names},
                "Pass `y`, or leave both out.",
            )
        return None
    if num_classes is None:
        num_classes = _count(y) if class_names is None else len(class_names)
    if class_names is not None and len(class_names) != num_classes:
        raise invalid(
            "`class_names` must name every class.",
            {"num_classes": num_classes, "class_names": class_names},
            "Give one name a class.",
        )
    if y.min() < -1 or y.max() >= num_classes or num_classes < 1:
        raise invalid(
            f"Labels must be in [0, {num_classes}), or -1 where unknown.",
            {"y.min()": int(y.min()), "y.max()": int(y.max())},
            "Check `num_classes`; labels count from 0.",
        )
    return num_classes
