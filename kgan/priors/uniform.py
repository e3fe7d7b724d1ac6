import keras

from kgan.priors.base import Prior


@keras.saving.register_keras_serializable(package="kgan")
class Uniform(Prior):
    """Uniform distribution over [-1, 1) of each coordinate."""

    def sample(self, shape, random):
        return random.uniform(shape, -1.0, 1.0)
