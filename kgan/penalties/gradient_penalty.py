import keras
import tensorflow as tf

from kgan.gradients import input_gradient, norm
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class GradientPenalty(Penalty):
    """WGAN-GP: pulls the gradient's norm to 1 between real and fake samples.

    (‖∇D(x̂)‖ - target)², at a random point x̂ on the line from a real to a fake sample.
    There is no factor ½.

    Args:
        weight: λ; 10 in the paper.
        interval: Steps between two uses.
        target: The norm to reach.

    Reference:

    - [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028)
    """

    def __init__(self, weight=10.0, interval=1, target=1.0):
        super().__init__(weight, interval)
        self.target = target

    def call(self, discriminator, real, fake, random):
        mix = random.uniform([tf.shape(real)[0], *[1] * (len(real.shape) - 1)])
        between = real + tf.cast(mix, real.dtype) * (fake - real)
        return tf.square(norm(input_gradient(discriminator, between)) - self.target)

    def get_config(self):
        return {**super().get_config(), "target": self.target}
