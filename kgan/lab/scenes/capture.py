"""What the discriminator makes of points, and where it sends samples."""

import numpy as np
import tensorflow as tf

from kgan._core.gradients import logits_of

PARTNERS = 8


def capture(gan, points, real):
    """Returns as many samples as real points; the logits and the pull at `points`."""
    samples = gan.generate(len(real), batch_size=len(real))
    logits, pull = logits_and_pull(gan, points, samples, real)
    return {"samples": samples, "logits": logits, "pull": pull}


def logits_and_pull(gan, points, samples, real):
    """Returns the logits at points, and the force on a sample at each.

    Where the discriminator judges packs, a point is judged beside samples of the
    generator: means over 8 packs.

    Args:
        gan: The compiled `kgan.GAN` of points.
        points: float32 array `[N, d]`.
        samples: Samples of the generator, `[M, d]`.
        real: Real points, `[M, d]`, for losses that compare with them.

    Returns:
        Logits `[N]`, and minus the gradient of the generator's loss by the point
        `[N, d]`.
    """
    x = tf.constant(points)
    real_logits = tf.reduce_mean(_logits(gan, tf.constant(real), samples))
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = _logits(gan, x, samples)
        real_logits = tf.fill(tf.shape(logits), real_logits)
        loss = gan.adversarial_loss.generator_loss(real_logits, logits)
    return logits.numpy()[:, 0], -tape.gradient(loss, x).numpy()


def _logits(gan, x, samples):
    if gan.pack == 1:
        return logits_of(gan.discriminator(x, training=False))
    count = len(x)
    rows = np.random.default_rng(0).integers(
        len(samples), size=(gan.pack - 1, PARTNERS * count)
    )
    packs = tf.concat([tf.repeat(x, PARTNERS, axis=0), *samples[rows]], axis=1)
    logits = logits_of(gan.discriminator(packs, training=False))
    return tf.reduce_mean(tf.reshape(logits, [count, PARTNERS, 1]), axis=1)
