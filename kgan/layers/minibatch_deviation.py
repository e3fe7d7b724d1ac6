import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="kgan")
class MinibatchDeviation(keras.layers.Layer):
    """Shows a discriminator how much samples vary: one more channel.

    In each group of neighbouring samples, the standard deviation of every feature at
    every position, averaged to one number, which is appended to the features of the
    group's samples. Groups lie within a replica's part of the batch, and are the same
    on one replica and on many if each has whole groups.

    Args:
        group_size: Samples of a group; 4 in the paper's code. Where it does not divide
            the batch, the largest smaller number that does.

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 3
    """

    def __init__(self, group_size=4, **kwargs):
        super().__init__(**kwargs)
        self.group_size = group_size

    def call(self, inputs):
        shape = tf.shape(inputs)
        sizes = tf.range(1, self.group_size + 1)
        size = tf.reduce_max(tf.where(shape[0] % sizes == 0, sizes, 1))
        groups = tf.cast(inputs, tf.float32)
        groups = tf.reshape(groups, [-1, size, *inputs.shape[1:]])
        variance = tf.math.reduce_variance(groups, axis=1, keepdims=True)
        # The root has no gradient at zero, where a group has one sample.
        deviation = tf.sqrt(variance + 1e-8)
        axes = range(2, len(groups.shape))
        deviation = tf.reduce_mean(deviation, axis=axes, keepdims=True)
        channel = tf.broadcast_to(
            deviation, [shape[0] // size, size, *inputs.shape[1:-1], 1]
        )
        channel = tf.reshape(channel, [-1, *inputs.shape[1:-1], 1])
        return tf.concat([inputs, tf.cast(channel, inputs.dtype)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        return {**super().get_config(), "group_size": self.group_size}
