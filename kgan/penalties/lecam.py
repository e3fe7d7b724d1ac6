import keras
import tensorflow as tf

from kgan._core.gradients import logits_of
from kgan.penalties.base import Penalty
from kgan.penalties.moving_average import MovingAverage


@keras.saving.register_keras_serializable(package="kgan")
class LeCam(Penalty):
    """LeCam regularisation: ties the logits to their moving averages.

    (D(x) - α_F)² + (D(G(z)) - α_R)², where α_R and α_F are moving averages of the mean
    logits of real and of fake samples. For training on little data. No factor ½.

    Args:
        weight: λ; 0.3 to 0.01 in the paper.
        interval: Steps between two uses.
        decay: Decay of the moving averages.

    Reference:

    - [Tseng et al., 2021](https://arxiv.org/abs/2104.03310)
    """

    def __init__(self, weight=0.3, interval=1, decay=0.99):
        super().__init__(weight, interval)
        self.decay = decay

    def build(self):
        if self.state is None:
            self.state = MovingAverage([2], self.decay)

    def call(self, batch):
        real, fake = (
            tf.cast(logits_of(batch.discriminator(samples)), tf.float32)
            for samples in (batch.real, batch.fake)
        )
        means = tf.stack([tf.reduce_mean(real), tf.reduce_mean(fake)])
        real_anchor, fake_anchor = tf.unstack(self.state(means))
        value = tf.square(real - fake_anchor) + tf.square(fake - real_anchor)
        return tf.reduce_mean(tf.reshape(value, [tf.shape(value)[0], -1]), axis=1)

    def get_config(self):
        return {**super().get_config(), "decay": self.decay}
