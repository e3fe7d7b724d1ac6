import keras
import tensorflow as tf

from kgan.priors.base import Prior


@keras.saving.register_keras_serializable(package="kgan")
class TruncatedNormal(Prior):
    """Standard normal distribution with coordinates beyond ±2 redrawn.

    Reference:

    - [Brock et al., 2019](https://arxiv.org/abs/1809.11096)
    """

    def sample(self, shape, random):
        return random.draw(tf.random.stateless_truncated_normal, shape)
