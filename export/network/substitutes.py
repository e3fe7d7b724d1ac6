"""Layers that compute the same as Keras's and convert to fewer operators."""

import keras
import tensorflow as tf
from keras import layers


class NearestResize(layers.Layer):
    """`UpSampling2D` by repetition as one operator, for which Keras has a loop of
    repeats; it has no second gradient, which an export does not need.

    Args:
        size: Factors of height and width.
    """

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, x):
        _, height, width, _ = keras.ops.shape(x)  # numbers where they are static
        size = [height * self.size[0], width * self.size[1]]
        return tf.raw_ops.ResizeNearestNeighbor(images=x, size=size)

    def get_config(self):
        return super().get_config() | {"size": self.size}


class Lookup(layers.Embedding):
    """`Embedding` without Keras's support of negative indices."""

    def call(self, label):
        return tf.gather(self.embeddings, tf.cast(label, tf.int64))


class Normalize(layers.BatchNormalization):
    """`BatchNormalization` of images at inference as one operator."""

    def call(self, x, training=None, mask=None):
        if len(x.shape) != 4 or self.axis not in (-1, 3):
            return super().call(x, training, mask)
        ones, zeros = tf.ones_like(self.moving_mean), tf.zeros_like(self.moving_mean)
        return tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=ones if self.gamma is None else self.gamma,
            offset=zeros if self.beta is None else self.beta,
            mean=self.moving_mean,
            variance=self.moving_variance,
            epsilon=self.epsilon,
            is_training=False,
        ).y


def substitute(layer):
    """Finds a layer that converts better.

    Args:
        layer: Keras layer.

    Returns:
        A new layer, which computes the same at inference from the same weights, or
        `None`.
    """
    if type(layer) is layers.Embedding and not layer.mask_zero:
        return Lookup.from_config(layer.get_config() | {"dtype": "float32"})
    if (
        type(layer) is layers.UpSampling2D
        and layer.interpolation == "nearest"
        and layer.data_format == "channels_last"
    ):
        return NearestResize(layer.size, name=layer.name, dtype="float32")
    if type(layer) is layers.BatchNormalization:
        return Normalize.from_config(layer.get_config() | {"dtype": "float32"})
    return None
