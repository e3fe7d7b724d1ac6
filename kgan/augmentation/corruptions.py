"""ADA's changes that leave shapes where they are: octave bands, noise and cutout."""

import tensorflow as tf

from kgan.augmentation.wavelets import bands

# Mean power of natural images in the four octave bands, the lowest first.
_POWER = (10 / 13, 1 / 13, 1 / 13, 1 / 13)


def filtered(images, draws):
    """Amplifies and weakens octave bands, at equal power of the image.

    Args:
        images: Float32 `[N, height, width, channels]`.
        draws: The `Draws`.
    """
    gains = band_gains(draws)
    height, width = images.shape[1:3]
    down = tf.einsum("nb,bij->nij", gains, bands(height))
    across = tf.einsum("nb,bij->nij", gains, bands(width))
    made = tf.einsum("nij,njwc->niwc", down, images)
    made = tf.einsum("nij,nhjc->nhic", across, made)
    changed = tf.reduce_any(gains != 1.0, axis=1)
    return tf.where(changed[:, tf.newaxis, tf.newaxis, tf.newaxis], made, images)


def band_gains(draws):
    """Returns the factors of the four octave bands, `[N, 4]`."""
    gains = 1.0
    for band in range(4):
        exponent = draws.normal(f"band {band}", 1.0)
        gain = 2.0 ** (exponent * tf.one_hot(band, 4))
        power = tf.reduce_sum(_POWER * gain**2, axis=1, keepdims=True)
        # Bit for bit 1 where the band is left alone.
        gains *= gain * tf.where(exponent == 0.0, 1.0, tf.math.rsqrt(power))
    return gains


def noisy(images, draws):
    """Adds normal noise, of a strength |N(0, 0.1²)| that each sample draws."""
    strength = tf.abs(draws.normal("noise", 0.1))[..., tf.newaxis, tf.newaxis]
    return images + strength * draws.noise(images.shape[1:])


def cut_out(images, draws):
    """Sets a rectangle of half the height and width to 0, anywhere in the image."""
    height, width = images.shape[1:3]
    size = tf.where(draws.on("cutout"), 0.5, 0.0)
    center = draws.places("cutout")
    rows, columns = (
        tf.abs((tf.range(n, dtype=tf.float32) + 0.5) / n - place) < size / 2
        for n, place in ((height, center[:, :1]), (width, center[:, 1:]))
    )
    inside = rows[:, :, tf.newaxis] & columns[:, tf.newaxis]
    return tf.where(inside[..., tf.newaxis], 0.0, images)
