import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.random import Stream
from kgan.augmentation.base import Augmentation

_PROBES = 16


@keras.saving.register_keras_serializable(package="kgan")
class LayerAugmentation(Augmentation):
    """A Keras layer or model, such as `keras.layers.RandomFlip`, as an augmentation.

    `compile(augmentation=layer)` makes it. Random numbers are the layer's own, which
    the model seeds, saves and restores as those of its networks.

    Args:
        layer: The layer or model, from samples to samples; by default one that leaves
            them as they are.
    """

    def __init__(self, layer=None):
        self.layer = layer or keras.layers.Identity()

    @property
    def state(self):
        return self.layer

    def __call__(self, samples, random, step):
        return self.layer(samples, training=True)

    def check(self, shape):
        samples = Stream(0).uniform([_PROBES, *shape], -1.0, 1.0)
        weights = Stream(1).normal([_PROBES, *shape])
        layers = self.layer._flatten_layers()
        for layer in layers:
            value_range = getattr(layer, "value_range", None)
            if value_range is not None and tuple(value_range) != (-1, 1):
                raise invalid(
                    "A layer that augments must know the range of the samples, -1 to "
                    "1.",
                    {"layer": layer.name, "value_range": value_range},
                    "Build it with value_range=(-1, 1).",
                )
        with tf.GradientTape() as tape:
            tape.watch(samples)
            made = self(samples, None, 0)
            if made.shape != samples.shape:
                raise invalid(
                    "An augmentation must keep the shape of the samples.",
                    {"layer": self.layer.name, "samples": shape, "made": made.shape[1:]},
                    "Use a layer that moves or recolors, and crops nothing.",
                )
            total = tf.reduce_sum(tf.cast(made, tf.float32) * weights)
        gradient = tape.gradient(total, samples)
        if gradient is None or not tf.reduce_any(gradient != 0.0):
            raise invalid(
                "An augmentation must be differentiable: the generator learns through "
                "it.",
                {"layer": self.layer.name, "gradient": gradient and "0"},
                "Use another, such as kgan.augmentation.DiffAugment(), or change the "
                "data alone: dataset.map(layer).",
            )

    def get_config(self):
        return {"layer": keras.saving.serialize_keras_object(self.layer)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["layer"]))
