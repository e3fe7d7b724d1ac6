import keras
import tensorflow as tf

from kgan.priors.base import Prior


@keras.saving.register_keras_serializable(package="kgan")
class Sphere(Prior):
    """Uniform distribution over the sphere of radius √latent_dim.

    The radius gives each coordinate unit variance, as in a normal prior.

    Reference:

    - [White, 2016](https://arxiv.org/abs/1609.04468)
    """

    def sample(self, shape, random):
        return tf.nn.l2_normalize(random.normal(shape), axis=-1) * shape[-1] ** 0.5
