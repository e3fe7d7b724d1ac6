import math

import keras
import tensorflow as tf

from kgan._core.gradients import norm, vector_jacobian
from kgan._core.nests import leaves
from kgan.penalties.base import Penalty
from kgan.penalties.moving_average import MovingAverage


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
    uses_codes = True

    def __init__(self, weight=2.0, interval=4, decay=0.99):
        super().__init__(weight, interval)
        self.decay = decay

    def build(self):
        if self.state is None:
            self.state = MovingAverage([], self.decay)

    def call(self, batch):
        noise = [
            self._direction(batch.random if index == 0 else batch.random.fold(index), x)
            for index, x in enumerate(leaves(batch.fake))
        ]
        noise = tf.nest.pack_sequence_as(batch.fake, noise)
        lengths = norm(vector_jacobian(batch.generator, batch.z, noise))
        average = self.state(tf.reduce_mean(lengths))
        return tf.square(lengths - average)

    @staticmethod
    def _direction(random, samples):
        """Returns noise of the shape of samples, of unit length a pixel."""
        shape = samples.shape[1:]
        noise = random.normal([tf.shape(samples)[0], *shape])
        return noise / math.sqrt(math.prod(shape[:-1]))

    def get_config(self):
        return {**super().get_config(), "decay": self.decay}
