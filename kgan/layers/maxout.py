import keras


@keras.saving.register_keras_serializable(package="kgan")
class Maxout(keras.layers.Layer):
    """Units that are each the largest of several linear functions of `[N, D]`.

    Args:
        units: Number of units.
        pieces: Linear functions of a unit.
        kernel_initializer: As of `keras.layers.Dense`, and so is `kernel_constraint`.

    Example:

    >>> kgan.layers.Maxout(240, pieces=5)(features).shape
    TensorShape([64, 240])

    Reference:

    - [Goodfellow et al., 2013](https://arxiv.org/abs/1302.4389)
    """

    def __init__(
        self,
        units,
        pieces=5,
        kernel_initializer="glorot_uniform",
        kernel_constraint=None,
        **options,
    ):
        super().__init__(**options)
        self.units = units
        self.pieces = pieces
        self.dense = keras.layers.Dense(
            units * pieces,
            kernel_initializer=kernel_initializer,
            kernel_constraint=kernel_constraint,
            dtype=self.dtype_policy,
        )

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        pieces = keras.ops.reshape(self.dense(inputs), [-1, self.units, self.pieces])
        return keras.ops.max(pieces, axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        dense = self.dense.get_config()
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "kernel_initializer": dense["kernel_initializer"],
            "kernel_constraint": dense["kernel_constraint"],
        }
