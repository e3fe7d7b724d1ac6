import keras
from keras import ops


@keras.saving.register_keras_serializable(package="kgan")
class PixelNormalization(keras.layers.Layer):
    """Scales the channels at each position to a mean square of 1.

    Has no weights, unlike `keras.layers.RMSNormalization`.

    Args:
        epsilon: Added to the mean square.

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 4.2
    """

    def __init__(self, epsilon=1e-8, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs):
        x = ops.cast(inputs, "float32")  # squares overflow in half precision
        x *= ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + self.epsilon)
        return ops.cast(x, self.compute_dtype)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
