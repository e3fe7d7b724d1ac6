import keras


@keras.saving.register_keras_serializable(package="kgan")
class Mean(keras.layers.Layer):
    """The mean of a likelihood, as a layer behind a decoder.

    Args:
        likelihood: The `kgan.likelihoods.Likelihood`.
    """

    def __init__(self, likelihood, **kwargs):
        super().__init__(**kwargs)
        self.likelihood = likelihood

    def call(self, outputs):
        return self.likelihood.mean(outputs)

    def get_config(self):
        likelihood = keras.saving.serialize_keras_object(self.likelihood)
        return {**super().get_config(), "likelihood": likelihood}

    @classmethod
    def from_config(cls, config):
        likelihood = keras.saving.deserialize_keras_object(config.pop("likelihood"))
        return cls(likelihood, **config)
