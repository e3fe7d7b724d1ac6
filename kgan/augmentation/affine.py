"""Affine maps of images: the maps as matrices, and the one resampling."""

import functools
import math

import tensorflow as tf

from kgan.augmentation.wavelets import doubled


def warp(images, maps):
    """Moves images, which are mirrored beyond their borders.

    They are interpolated at twice the resolution, and sampled bilinearly there: flips,
    quarter turns of squares and shifts by whole pixels are exact.

    Args:
        images: Float32 `[N, height, width, channels]`.
        maps: `[N, 3, 3]`, from places in the result to places in the images, both
            `(x, y, 1)` in pixels from the centre.

    Returns:
        Images of the same shape.
    """
    height, width, channels = images.shape[1:]
    fine = tf.einsum("uh,nhwc->nuwc", doubled(height), images)
    fine = tf.einsum("vw,nuwc->nuvc", doubled(width), fine)
    rows, columns = fine.shape[1:3]
    pixels = tf.reshape(fine, [-1, rows * columns, channels])
    y, x = (tf.range(n, dtype=tf.float32) - (n - 1) / 2 for n in (height, width))
    maps = maps[:, :, :, tf.newaxis, tf.newaxis]
    x, y = (
        maps[:, i, 0] * x + maps[:, i, 1] * y[:, tf.newaxis] + maps[:, i, 2]
        for i in (0, 1)
    )
    moved = 0.0
    for row, share_y in _neighbours(2 * y + (height - 1), rows):
        for column, share_x in _neighbours(2 * x + (width - 1), columns):
            index = tf.reshape(row * columns + column, [-1, height * width])
            found = tf.gather(pixels, index, batch_dims=1)
            found = tf.reshape(found, [-1, height, width, channels])
            moved += found * (share_y * share_x)[..., tf.newaxis]
    return moved


def _neighbours(places, size):
    """Returns the two samples around places, and the share of each.

    Args:
        places: Float32 tensor of places among samples, as far from them as may be.
        size: Number of samples, mirrored about the first and the last.
    """
    before = tf.floor(places)
    share = places - before
    index = tf.cast(before, tf.int32)
    return [(_mirrored(index, size), 1.0 - share), (_mirrored(index + 1, size), share)]


def _mirrored(index, size):
    period = 2 * (size - 1)
    index %= period
    return tf.minimum(index, period - index)


def chained(maps):
    """Returns the product `[N, 3, 3]` of a list of maps, the first on the left."""
    return functools.reduce(tf.matmul, maps)


def translation(x, y):
    """Returns the map `[N, 3, 3]` that adds to x and y, `[N]` each."""
    one, zero = tf.ones_like(x), tf.zeros_like(x)
    return _matrix([one, zero, x], [zero, one, y])


def scaling(x, y):
    """Returns the map `[N, 3, 3]` that multiplies x and y, `[N]` each."""
    zero = tf.zeros_like(x)
    return _matrix([x, zero, zero], [zero, y, zero])


def rotation(angle):
    """Returns the map `[N, 3, 3]` that turns x towards y by an angle `[N]`."""
    sine, cosine, zero = tf.sin(angle), tf.cos(angle), tf.zeros_like(angle)
    return _matrix([cosine, -sine, zero], [sine, cosine, zero])


def _matrix(first, second):
    zero = tf.zeros_like(first[0])
    rows = [first, second, [zero, zero, tf.ones_like(zero)]]
    return tf.stack([tf.stack(row, axis=-1) for row in rows], axis=-2)


def blit(draws, height, width):
    """Returns the inverse maps of flips, quarter turns and shifts by whole pixels."""
    flip = draws.choice("flip", 2)[:, 0]
    turns = draws.choice("quarter turns", 4)[:, 0]
    shift = draws.uniform("shift", -0.125, 0.125, columns=2)
    return [
        scaling(1 - 2 * flip, tf.ones_like(flip)),
        rotation(math.pi / 2 * turns),
        translation(-tf.round(shift[:, 0] * width), -tf.round(shift[:, 1] * height)),
    ]


def geometry(draws, height, width):
    """Returns the inverse maps of scales, rotations and shifts by any length."""
    scale = 2.0 ** -draws.normal("scale", 0.2)[:, 0]
    stretch = 2.0 ** -draws.normal("stretch", 0.2)[:, 0]
    before, after = (
        draws.halved().uniform(name, -math.pi, math.pi)[:, 0]
        for name in ("rotation before", "rotation after")
    )
    shift = draws.normal("fractional shift", 0.125, columns=2)
    return [
        scaling(scale, scale),
        rotation(before),
        scaling(stretch, 1 / stretch),
        rotation(after),
        translation(-shift[:, 0] * width, -shift[:, 1] * height),
    ]
