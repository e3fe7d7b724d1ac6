import keras
from keras import layers


@keras.saving.register_keras_serializable(package="kgan")
class ConditionalBatchNormalization(layers.Layer):
    """Batch normalisation whose scale and shift are those of the sample's class.

    Called on `[x, label]`: `x` `[N, …, channels]` and integer labels `[N]`. Statistics
    are those of all samples of the batch, over all replicas.

    Args:
        num_classes: Number of classes.
        momentum: Of the moving averages.
        epsilon: Added to the variance.
        gamma_stddev: Standard deviation of the initial scales around 1.

    Reference:

    - [Dumoulin et al., 2017](https://arxiv.org/abs/1610.07629)
    - [Miyato and Koyama, 2018](https://arxiv.org/abs/1802.05637), in a GAN's generator
    """

    def __init__(
        self, num_classes, momentum=0.9, epsilon=1e-5, gamma_stddev=0.0, **options
    ):
        super().__init__(**options)
        self.num_classes = num_classes
        self.momentum = momentum
        self.epsilon = epsilon
        self.gamma_stddev = gamma_stddev
        self.normalization = layers.BatchNormalization(
            momentum=momentum,
            epsilon=epsilon,
            center=False,
            scale=False,
            synchronized=True,
            dtype=self.dtype_policy,
        )

    def build(self, input_shape):
        shape, _ = input_shape
        self.normalization.build(shape)
        scale = keras.initializers.RandomNormal(mean=1.0, stddev=self.gamma_stddev)
        self.gamma, self.beta = (
            layers.Embedding(
                self.num_classes, shape[-1], initializer, dtype=self.dtype_policy
            )
            for initializer in (scale, "zeros")
        )
        for embedding in (self.gamma, self.beta):
            embedding.build()
        self._position = [-1, *[1] * (len(shape) - 2), shape[-1]]

    def call(self, inputs, training=None):
        x, label = inputs
        gamma, beta = (
            keras.ops.reshape(embedding(label), self._position)
            for embedding in (self.gamma, self.beta)
        )
        return self.normalization(x, training=training) * gamma + beta

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "gamma_stddev": self.gamma_stddev,
        }
