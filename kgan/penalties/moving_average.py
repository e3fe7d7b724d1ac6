import keras
import tensorflow as tf

from kgan._core.distribution import global_mean


class MovingAverage(keras.layers.Layer):
    """A moving average of tensors that a penalty keeps, saved with the game.

    Args:
        shape: Shape of the average.
        decay: Share of the old average that each update keeps.
    """

    def __init__(self, shape, decay):
        super().__init__(dtype="float32")
        self.decay = decay
        self.average = self.add_weight(
            shape=shape,
            initializer="zeros",
            trainable=False,
            autocast=False,
            aggregation="mean",
            name="average",
        )
        self.built = True

    def call(self, value):
        """Returns the average with the mean of `value` over replicas taken in."""
        old = tf.convert_to_tensor(self.average)
        new = old + (1 - self.decay) * (global_mean(value) - old)
        new = tf.stop_gradient(new)
        self.average.assign(new)
        return new
