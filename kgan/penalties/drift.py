import keras
import tensorflow as tf

from kgan._core.gradients import logits_of
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class Drift(Penalty):
    """Keeps the logits of a Wasserstein critic near zero: D(x)² on real samples.

    The Wasserstein loss does not change when a number is added to all logits, which
    therefore drift away without it.

    Args:
        weight: ε; 0.001 in the paper.
        interval: Steps between two uses.

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), appendix A.1
    """

    def __init__(self, weight=0.001, interval=1):
        super().__init__(weight, interval)

    def call(self, batch):
        logits = tf.cast(logits_of(batch.discriminator(batch.real)), tf.float32)
        logits = tf.reshape(logits, [tf.shape(logits)[0], -1])
        return tf.reduce_mean(tf.square(logits), axis=1)
