import keras
import tensorflow as tf

from kgan._core.gradients import input_gradient, norm
from kgan._core.nests import map_leaves
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
        one_sided: Whether to leave norms below the target alone, as in WGAN-LP.

    Reference:

    - [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028)
    - [Petzka et al., 2018](https://arxiv.org/abs/1709.08894), one-sided
    """

    per_sample_gradient = True

    def __init__(self, weight=10.0, interval=1, target=1.0, one_sided=False):
        super().__init__(weight, interval)
        self.target = target
        self.one_sided = one_sided

    def call(self, batch):
        excess = norm(input_gradient(batch.discriminator, self.points(batch)))
        excess -= self.target
        return tf.square(tf.nn.relu(excess) if self.one_sided else excess)

    def points(self, batch):
        """Returns the points at which the gradient is taken, `[N, …]`."""
        mix = batch.random.uniform([batch.size])

        def between(real, fake):
            shape = [-1, *[1] * (len(real.shape) - 1)]
            return real + tf.cast(tf.reshape(mix, shape), real.dtype) * (fake - real)

        return map_leaves(between, batch.real, batch.fake)

    def get_config(self):
        return {
            **super().get_config(),
            "target": self.target,
            "one_sided": self.one_sided,
        }
