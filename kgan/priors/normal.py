import keras

from kgan.priors.base import Prior


@keras.saving.register_keras_serializable(package="kgan")
class Normal(Prior):
    """Standard normal distribution N(0, 1) of each coordinate."""

    def sample(self, shape, random):
        return random.normal(shape)
