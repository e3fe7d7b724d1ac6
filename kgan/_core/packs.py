"""Packs: samples that a discriminator judges together (PacGAN)."""

import tensorflow as tf


def packs(samples, size):
    """Returns packs of neighbouring samples, side by side in the channels.

    Args:
        samples: Tensor or array `[N, …, channels]`.
        size: Samples in a pack.

    Returns:
        A tensor `[N // size, …, size·channels]`: an incomplete last pack is left out.
    """
    count = tf.shape(samples)[0] // size * size
    return tf.concat([samples[k:count:size] for k in range(size)], axis=-1)


def unpacked(packed, size):
    """Returns the samples of packs, one after the other: the inverse of `packs`."""
    samples = tf.stack(tf.split(packed, size, axis=-1), axis=1)
    return tf.reshape(samples, [-1, *samples.shape[2:]])
