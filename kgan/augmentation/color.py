"""ADA's changes of colour, as one affine map of the channels a sample."""

import math

import tensorflow as tf


def recolor(images, draws):
    """Changes brightness, contrast, luma, hue and saturation.

    Args:
        images: Float32 `[N, height, width, 1 or 3]` in [-1, 1].
        draws: The `Draws`.

    Returns:
        Images of the same shape.
    """
    colored = images.shape[-1] == 3
    matrix, offset = color_map(draws, colored)
    if not colored:  # As a color image of three equal channels, and its mean.
        matrix = tf.reduce_mean(tf.reduce_sum(matrix, -1, True), -2, True)
        offset = tf.reduce_mean(offset, -1, True)
    pixels = tf.reshape(images, [tf.shape(images)[0], -1, images.shape[-1]])
    pixels = tf.matmul(pixels, matrix, transpose_b=True) + offset[:, tf.newaxis]
    return tf.reshape(pixels, tf.shape(images))


def color_map(draws, colored):
    """Returns the matrices `[N, 3, 3]` and offsets `[N, 3]` of a color map.

    Args:
        draws: The `Draws`.
        colored: Whether hue and saturation mean anything.
    """
    gray = tf.fill([3, 3], 1 / 3)  # The projection onto the gray axis.
    brightness = draws.normal("brightness", 0.2)
    contrast = 2.0 ** draws.normal("contrast", 0.5)
    luma = tf.eye(3) - 2 * gray * draws.choice("luma", 2)[..., tf.newaxis]
    matrix = contrast[..., tf.newaxis] * luma
    if colored:
        angle = draws.uniform("hue", -math.pi, math.pi)[..., tf.newaxis]
        saturation = 2.0 ** draws.normal("saturation", 1.0)[..., tf.newaxis]
        matrix = tf.matmul(_turn_about_gray(angle, gray), matrix)
        matrix = tf.matmul(gray + saturation * (tf.eye(3) - gray), matrix)
    offset = tf.reduce_sum(matrix, axis=-1) * brightness
    return matrix, offset


def _turn_about_gray(angle, gray):
    """Returns Rodrigues's rotation about the gray axis by angles `[N, 1, 1]`."""
    side = 1 / math.sqrt(3)
    cross = tf.constant([[0.0, -side, side], [side, 0.0, -side], [-side, side, 0.0]])
    cosine, sine = tf.cos(angle), tf.sin(angle)
    return cosine * tf.eye(3) + sine * cross + (1 - cosine) * gray
