import keras
import tensorflow as tf


class _Spectral:
    """Divides a layer's kernel by its spectral norm wherever the layer reads it.

    Unlike `keras.layers.SpectralNormalization`, which overwrites the kernel by its
    projection, the weight stays free and the gradient flows through the division, as in
    the paper. Each call in training takes one step of power iteration.

    Reference:

    - [Miyato et al., 2018](https://arxiv.org/abs/1802.05957)
    """

    def build(self, input_shape):
        super().build(input_shape)
        self.u = self.add_weight(
            shape=[self._kernel.shape[-1], 1],
            initializer="random_normal",
            trainable=False,
            autocast=False,
            name="u",
            # Equal on all replicas, since they share the kernel.
            aggregation="only_first_replica",
        )

    @property
    def kernel(self):
        image = self._matrix() @ tf.stop_gradient(self.u)
        sigma = tf.reduce_sum(tf.stop_gradient(_unit(image)) * image)
        return self._kernel / tf.cast(sigma, self._kernel.dtype)

    def call(self, inputs, training=None):
        if training and self.trainable:
            matrix = self._matrix()
            u = _unit(tf.transpose(matrix) @ _unit(matrix @ self.u))
            self.u.assign(tf.stop_gradient(u))
        return super().call(inputs)

    # Keras's own versions name the kernel and the bias, and would leave out `u`.
    def save_own_variables(self, store):
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        keras.layers.Layer.load_own_variables(self, store)

    def _matrix(self):
        kernel = tf.cast(self._kernel, tf.float32)
        return tf.reshape(kernel, [-1, kernel.shape[-1]])


def _unit(vector):
    return tf.math.l2_normalize(vector, epsilon=1e-12)


@keras.saving.register_keras_serializable(package="kgan")
class SpectralConv2D(_Spectral, keras.layers.Conv2D):
    """`keras.layers.Conv2D` with spectral normalisation of its kernel."""

    __doc__ += _Spectral.__doc__.partition("\n")[2]


@keras.saving.register_keras_serializable(package="kgan")
class SpectralDense(_Spectral, keras.layers.Dense):
    """`keras.layers.Dense` with spectral normalisation of its kernel."""

    __doc__ += _Spectral.__doc__.partition("\n")[2]
