"""The codes of kgan-latents-1 in TensorFlow, for servers that are asked by seed."""

import math

import tensorflow as tf

from kgan.latents import KEY_INCREMENTS, MULTIPLIERS, ROUNDS

LOW, HALF = 0xFFFFFFFF, 32


def latents(prior, latent_dim, seed, sample):
    """Draws codes like `kgan.latents`, each of its own seed and position.

    Args:
        prior: Name of the prior.
        latent_dim: Size of a code.
        seed: int64 tensor `[n]`, not negative.
        sample: int64 tensor `[n]`, not negative.

    Returns:
        float32 tensor `[n, latent_dim]`, equal to what NumPy draws but for the last
        bit.
    """
    seed, sample = (tf.cast(x, tf.uint64) for x in (seed, sample))
    return tf.cast(PRIORS[prior](sample, latent_dim, seed), tf.float32)


def _unit(index, size, seed, attempt=0):
    n, blocks = tf.size(index), -(-size // 4)
    whole = tf.zeros([n, blocks], tf.uint64)
    c0 = whole + tf.cast(tf.range(blocks), tf.uint64)
    c1, c2 = (whole + part[:, None] for part in _halves(index))
    c3 = whole + tf.cast(attempt, tf.uint64)
    k0, k1 = _halves(seed[:, None])
    for _ in range(ROUNDS):
        (low0, high0), (low1, high1) = (
            _halves(tf.constant(int(factor), tf.uint64) * c)
            for factor, c in zip(MULTIPLIERS, (c0, c2), strict=True)
        )
        c0, c1, c2, c3 = (_xor(high1, c1, k0), low1, _xor(high0, c3, k1), low0)
        k0, k1 = (
            _halves(k + tf.constant(int(increment), tf.uint64))[0]
            for k, increment in zip((k0, k1), KEY_INCREMENTS, strict=True)
        )
    words = tf.reshape(tf.stack([c0, c1, c2, c3], -1), [n, 4 * blocks])
    return (tf.cast(words, tf.float64) + 0.5) * 2.0**-32


def _halves(x):
    """The low and the high 32 bits of a uint64 tensor."""
    low = tf.bitwise.bitwise_and(x, tf.constant(LOW, tf.uint64))
    return low, tf.bitwise.right_shift(x, tf.constant(HALF, tf.uint64))


def _xor(a, b, key):
    return tf.bitwise.bitwise_xor(tf.bitwise.bitwise_xor(a, b), key)


def _uniform(index, size, seed):
    return 2.0 * _unit(index, size, seed)[:, :size] - 1.0


def _normal(index, size, seed, attempt=0):
    u = _unit(index, size, seed, attempt)
    radius = tf.sqrt(-2.0 * tf.math.log(u[:, 0::2]))
    angle = 2.0 * math.pi * u[:, 1::2]
    pairs = tf.stack([radius * tf.cos(angle), radius * tf.sin(angle)], -1)
    return tf.reshape(pairs, tf.shape(u))[:, :size]


def _truncated_normal(index, size, seed):
    def redraw(z, attempt):
        drawn = _normal(index, size, seed, attempt)
        return tf.where(tf.abs(z) > 2.0, drawn, z), attempt + 1

    z, _ = tf.while_loop(
        lambda z, _: tf.reduce_any(tf.abs(z) > 2.0),
        redraw,
        [_normal(index, size, seed), tf.constant(1, tf.int64)],
        shape_invariants=[tf.TensorShape([None, size]), tf.TensorShape([])],
    )
    return z


def _sphere(index, size, seed):
    z = _normal(index, size, seed)
    return z * (math.sqrt(size) / tf.norm(z, axis=1, keepdims=True))


PRIORS = {
    "normal": _normal,
    "uniform": _uniform,
    "truncated_normal": _truncated_normal,
    "sphere": _sphere,
}
