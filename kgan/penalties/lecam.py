import keras
import tensorflow as tf

from kgan.distribution import global_mean
from kgan.gradients import logits_of
from kgan.penalties.base import Penalty


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
        self.anchors = None

    def build(self, game):
        self.anchors = game.add_weight(
            shape=[2],
            initializer="zeros",
            trainable=False,
            autocast=False,
            aggregation="mean",
            name="lecam_anchors",
        )

    def call(self, batch):
        real, fake = (
            tf.cast(logits_of(batch.discriminator(samples)), tf.float32)
            for samples in (batch.real, batch.fake)
        )
        real_anchor, fake_anchor = 0.0, 0.0
        if self.anchors is not None:
            means = global_mean(tf.stack([tf.reduce_mean(real), tf.reduce_mean(fake)]))
            old = tf.convert_to_tensor(self.anchors)
            anchors = tf.stop_gradient(self.decay * old + (1 - self.decay) * means)
            self.anchors.assign(anchors)
            real_anchor, fake_anchor = tf.unstack(anchors)
        value = tf.square(real - fake_anchor) + tf.square(fake - real_anchor)
        return tf.reduce_mean(tf.reshape(value, [tf.shape(value)[0], -1]), axis=1)

    def get_config(self):
        return {**super().get_config(), "decay": self.decay}
