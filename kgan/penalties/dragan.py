import dataclasses

import keras
import tensorflow as tf

from kgan._core.distribution import global_mean
from kgan.penalties.gradient_penalty import GradientPenalty


@keras.saving.register_keras_serializable(package="kgan")
class DRAGAN(GradientPenalty):
    """DRAGAN: pulls the gradient's norm to 1 around real samples only.

    (‖∇D(x̂)‖ - target)² at x̂ = x + ½·σ·u, where σ is the standard deviation of all
    values of the real batch and u is uniform over [0, 1) in each coordinate, at a
    random place on the line from x. No factor ½.

    Args:
        weight: λ; 10 in the paper.
        interval: Steps between two uses.
        target: The norm to reach.
        one_sided: Whether to leave norms below the target alone.

    Reference:

    - [Kodali et al., 2017](https://arxiv.org/abs/1705.07215)
    """

    def points(self, batch):
        real = batch.real
        mean = global_mean(tf.reduce_mean(real))
        deviation = tf.sqrt(global_mean(tf.reduce_mean(tf.square(real - mean))))
        noise = batch.random.fold("noise").uniform([tf.shape(real)[0], *real.shape[1:]])
        away = real + 0.5 * deviation * tf.cast(noise, real.dtype)
        return super().points(dataclasses.replace(batch, fake=away))
