import math

import keras
import tensorflow as tf

from kgan.distribution import global_mean
from kgan.gradients import norm, vector_jacobian
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class PathLength(Penalty):
    """Path length regularisation: a step in the code changes the sample equally far.

    (‖J(z)ᵀy‖ - a)², where y ~ N(0, 1) per value, divided by √(height · width), and `a`
    is the moving average of the lengths. No factor ½. Costs a pass of the generator.

    Args:
        weight: 2 in the paper.
        interval: Steps between two uses; 4 in the paper.
        decay: Decay of the moving average; 0.99 in the paper.

    Reference:

    - [Karras et al., 2020](https://arxiv.org/abs/1912.04958), section 3.2
    """

    player = "generator"

    def __init__(self, weight=2.0, interval=4, decay=0.99):
        super().__init__(weight, interval)
        self.decay = decay
        self.average = None

    def build(self, game):
        self.average = game.add_weight(
            shape=[],
            initializer="zeros",
            trainable=False,
            autocast=False,
            aggregation="mean",
            name="path_length_average",
        )

    def call(self, batch):
        shape = batch.fake.shape[1:]
        noise = batch.random.normal([tf.shape(batch.fake)[0], *shape])
        noise /= math.sqrt(math.prod(shape[:-1]))
        lengths = norm(vector_jacobian(batch.generator, batch.z, noise))
        average = 0.0
        if self.average is not None:
            old = tf.convert_to_tensor(self.average)
            new = global_mean(tf.reduce_mean(lengths))
            average = tf.stop_gradient(old + (1 - self.decay) * (new - old))
            self.average.assign(average)
        return tf.square(lengths - average)

    def get_config(self):
        return {**super().get_config(), "decay": self.decay}
