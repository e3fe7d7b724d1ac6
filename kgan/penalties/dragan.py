import dataclasses

import keras
import tensorflow as tf

from kgan._core.distribution import global_mean
from kgan._core.nests import leaves, map_leaves
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
        mean = _mean(batch.real)
        spread = _mean(map_leaves(lambda x: tf.square(x - mean), batch.real))
        random = batch.random.fold("noise")

        def away(index, real):
            own = random if index == 0 else random.fold(index)
            noise = own.uniform([batch.size, *real.shape[1:]])
            return real + 0.5 * tf.sqrt(spread) * tf.cast(noise, real.dtype)

        parts = [away(index, real) for index, real in enumerate(leaves(batch.real))]
        fake = tf.nest.pack_sequence_as(batch.real, parts)
        return super().points(dataclasses.replace(batch, fake=fake))


def _mean(samples):
    """Returns the mean of all values of the global batch."""
    parts = leaves(samples)
    if len(parts) == 1:
        return global_mean(tf.reduce_mean(parts[0]))
    flat = [tf.reshape(x, [tf.shape(x)[0], -1]) for x in parts]
    return global_mean(tf.reduce_mean(tf.concat(flat, axis=1)))
