"""The grid of 8-bit values on which images are judged and drawn."""

import math

import numpy as np

from kgan._core.errors import invalid


def to_uint8(images):
    """Converts images in [-1, 1] to uint8 by `floor(127.5 x + 128)`.

    The conversion of exported generators, so that a sample gets the same score before
    and after export. uint8 images pass unchanged.

    Args:
        images: uint8 in [0, 255] or float in [-1, 1], of any shape.

    Returns:
        uint8 array of the same shape.

    Raises:
        ValueError: If the values are of another type or range, or not finite.

    Example:

    >>> kgan.metrics.to_uint8(np.array([-1.0, 0.0, 1.0]))  # [0, 128, 255]
    """
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    low, high = (images.min(), images.max()) if images.size else (0.0, 0.0)
    # The comparison is false for NaN too. The slack admits float16 rounding.
    if images.dtype.kind != "f" or not (low >= -1.001 and high <= 1.001):
        raise invalid(
            "Images must be uint8, or floating point in [-1, 1].",
            {"dtype": str(images.dtype), "min": float(low), "max": float(high)},
            "Scale them, for instance with x / 127.5 - 1.",
        )
    scaled = np.floor(127.5 * images.astype(np.float32) + 128.0)
    return np.clip(scaled, 0, 255).astype(np.uint8)


def enlarge(images, shape):
    """Brings the images of a game that still grows to the size of the data.

    Args:
        images: `[N, height, width, channels]`.
        shape: `(height, width, channels)` of the data.

    Returns:
        The images, if they are as large; else with every pixel repeated, and the
        middle cut out, as `kgan.ProgressiveGAN` shows coarse images to its players.
    """
    rows, columns = images.shape[1:3]
    ratio = max(shape[0] / rows, shape[1] / columns)
    if ratio <= 1:
        return images
    factor = 2 ** math.ceil(math.log2(ratio))
    images = images.repeat(factor, axis=1).repeat(factor, axis=2)
    top, left = (images.shape[1] - shape[0]) // 2, (images.shape[2] - shape[1]) // 2
    return images[:, top : top + shape[0], left : left + shape[1]]
