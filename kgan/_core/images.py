"""Images as grey levels, in grids and as PNG files, with NumPy alone.

What training, metrics, the command line and exported generators all need, so that an
image has the same grey levels wherever it is seen.
"""

import math
import struct
import zlib

import numpy as np

from kgan._core.errors import invalid

COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels: grey, grey + alpha, RGB, RGBA


def grey_levels(samples):
    """Rounds samples in [-1, 1] to grey levels: `floor(127.5 x + 128)` in 0–255.

    Args:
        samples: Array of floats of any shape, not checked.

    Returns:
        Array of floats of the same shape, whole numbers from 0 to 255.
    """
    return np.clip(np.floor(127.5 * np.asarray(samples) + 128), 0, 255)


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
    return grey_levels(images.astype(np.float32)).astype(np.uint8)


def within_range(images):
    """Cuts floats of a generator off beyond [-1, 1], as exported graphs do.

    Generators without a last activation may draw them. What is not finite stays.
    """
    return images if images.dtype == np.uint8 else np.clip(images, -1.0, 1.0)


def image_grid(images, columns=None, padding=2):
    """Arranges images in a grid, row by row.

    Args:
        images: `[N, H, W, C]` with 1 to 4 channels, uint8 or float in [-1, 1].
        columns: Images in a row; by default as near a square as possible.
        padding: White pixels between images and around them.

    Returns:
        uint8 `[height, width, C]`, or `[height, width]` for one channel, as
        `PIL.Image.fromarray` takes it. Places left over are white.

    Example:

    >>> grid = kgan.callbacks.image_grid(gan.generate(64), columns=8)
    >>> PIL.Image.fromarray(grid).save("grid.png")
    """
    images = to_uint8(images)
    columns = columns or math.ceil(math.sqrt(len(images)))
    grid = _arrange(images, columns, padding, background=255)
    return grid[:, :, 0] if grid.shape[-1] == 1 else grid


def tile(images, columns=None):
    """Lays images out edge to edge, row by row.

    Args:
        images: uint8 array `[n, height, width, channels]`.
        columns: Number of columns; by default a grid that is nearly square.

    Returns:
        uint8 array `[rows * height, columns * width, channels]`, empty places black.
    """
    columns = min(columns or math.ceil(math.sqrt(len(images))), len(images))
    return _arrange(images, columns, padding=0, background=0)


def _arrange(images, columns, padding, background):
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    cell = (height + padding, width + padding)
    shape = (rows * cell[0] + padding, columns * cell[1] + padding, channels)
    grid = np.full(shape, background, np.uint8)
    for i, image in enumerate(images):
        top = padding + i // columns * cell[0]
        left = padding + i % columns * cell[1]
        grid[top : top + height, left : left + width] = image
    return grid


def encode_png(image):
    """Encodes an image losslessly, without Pillow.

    Args:
        image: uint8 array `[height, width, channels]` with 1 to 4 channels.

    Returns:
        The bytes of a PNG file.

    Raises:
        ValueError: If it has more channels, or 2 GB or more.

    Reference:

    - [PNG specification](https://www.w3.org/TR/png-3/)
    """
    height, width, channels = image.shape
    if channels not in COLOR_TYPES or image.nbytes >= 2**31:
        raise invalid(
            "A PNG file holds 1 to 4 channels, and less than 2 GB.",
            {"shape": image.shape},
            "Write fewer images, or an array instead.",
        )
    header = struct.pack(">2I5B", width, height, 8, COLOR_TYPES[channels], 0, 0, 0)
    # Each row starts with the number of its filter: 0, none.
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
