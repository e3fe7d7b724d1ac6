import math

import numpy as np

from kgan.metrics import to_uint8


def image_grid(images, columns=None, padding=2):
    """Arranges images in a grid, row by row.

    Args:
        images: `[N, H, W, C]` with 1 or 3 channels, uint8 or float in [-1, 1].
        columns: Images in a row; by default as near a square as possible.
        padding: White pixels between images and around them.

    Returns:
        uint8 `[height, width, 3]`, or `[height, width]` for one channel, as
        `PIL.Image.fromarray` takes it. Places left over are white.

    Example:

    >>> grid = kgan.callbacks.image_grid(gan.generate(64), columns=8)
    >>> PIL.Image.fromarray(grid).save("grid.png")
    """
    images = to_uint8(images)
    count, height, width, channels = images.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = -(-count // columns)
    cell = (height + padding, width + padding)
    shape = (rows * cell[0] + padding, columns * cell[1] + padding, channels)
    grid = np.full(shape, 255, np.uint8)
    for i, image in enumerate(images):
        top = padding + i // columns * cell[0]
        left = padding + i % columns * cell[1]
        grid[top : top + height, left : left + width] = image
    return grid[:, :, 0] if channels == 1 else grid
