import math

import keras

_ROOT_2 = math.sqrt(2.0)


class _Equalized:
    """Scales a layer's kernel at run time: equalised learning rate.

    The weights start as N(0, 1) and are multiplied by `gain / √fan_in` wherever the
    layer reads them, so that optimizers that normalise their steps, such as Adam, move
    all layers at the same relative speed.

    Args:
        gain: √2 before a (leaky) ReLU, 1 before a linear output.

    All other arguments are those of the Keras layer.

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 4.1
    """

    def __init__(self, *args, gain=_ROOT_2, kernel_initializer=None, **kwargs):
        if kernel_initializer is None:
            kernel_initializer = keras.initializers.RandomNormal(stddev=1.0)
        super().__init__(*args, kernel_initializer=kernel_initializer, **kwargs)
        self.gain = gain

    @property
    def kernel(self):
        fan_in = math.prod(self._kernel.shape[:-1])
        return self._kernel * (self.gain / math.sqrt(fan_in))

    # Keras's own versions would save the scaled kernel.
    def save_own_variables(self, store):
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        keras.layers.Layer.load_own_variables(self, store)

    def get_config(self):
        return {**super().get_config(), "gain": self.gain}


@keras.saving.register_keras_serializable(package="kgan")
class EqualizedConv2D(_Equalized, keras.layers.Conv2D):
    """`keras.layers.Conv2D` with an equalised learning rate."""

    __doc__ += _Equalized.__doc__.partition("\n")[2]


@keras.saving.register_keras_serializable(package="kgan")
class EqualizedDense(_Equalized, keras.layers.Dense):
    """`keras.layers.Dense` with an equalised learning rate."""

    __doc__ += _Equalized.__doc__.partition("\n")[2]
