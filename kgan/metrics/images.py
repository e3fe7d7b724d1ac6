"""Images of games that still grow, beside those of the data."""

import math


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
