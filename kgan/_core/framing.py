"""Images in a larger square frame: padded with black, and cut out again."""

import keras
from keras import ops


def pad_to(images, size):
    """Centres images in a black square.

    Args:
        images: `[N, height, width, channels]` in [-1, 1].
        size: Height and width of the square.

    Returns:
        `[N, size, size, channels]`: the images, and -1 around them.
    """
    rows, columns = _margins(images.shape, size)
    if not any((*rows, *columns)):
        return images
    return ops.pad(images, [(0, 0), rows, columns, (0, 0)], constant_values=-1.0)


def crop_to(images, shape):
    """Undoes `pad_to`.

    Args:
        images: Keras tensor `[N, size, size, channels]`.
        shape: `(height, width, channels)` to cut out of the middle.
    """
    rows, columns = _margins((None, *shape), images.shape[1])
    if not any((*rows, *columns)):
        return images
    return keras.layers.Cropping2D((rows, columns))(images)


def _margins(shape, size):
    """Returns the rows above and below, and the columns left and right."""
    missing = [size - length for length in shape[1:3]]
    return [(count // 2, count - count // 2) for count in missing]
