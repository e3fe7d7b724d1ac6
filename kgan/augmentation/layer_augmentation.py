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

    # Keras's layers move images by an operator that XLA does not know.
    compiles = False

    def __init__(self, layer=None):
        self.layer = layer or keras.layers.Identity()

    @property
    def state(self):
        return self.layer

    def __call__(self, samples, random, step):
        return self.layer(samples, training=True)

    def check(self, shape):
        for layer in self.layer._flatten_layers():
            value_range = getattr(layer, "value_range", None)
            if value_range is not None and tuple(value_range) != (-1, 1):
                raise invalid(
                    "A layer that augments must know the range of the samples, -1 to "
                    "1.",
                    {"layer": layer.name, "value_range": value_range},
                    "Build it with value_range=(-1, 1).",
                )
        layers = self.layer._flatten_layers()
        generators = [g for layer in layers for g in layer._seed_generators]
        states = [tf.identity(generator.state.value) for generator in generators]
        made, gradient = self._probe(shape)
        for generator, state in zip(generators, states, strict=True):
            generator.state.assign(state)  # The probe is no step of training.
        if made != tuple(shape):
            raise invalid(
                "An augmentation must keep the shape of the samples.",
                {"layer": self.layer.name, "samples": tuple(shape), "made": made},
                "Use a layer that moves or recolors, and crops nothing.",
            )
        if gradient is None or not tf.reduce_any(gradient != 0.0):
            raise invalid(
                "An augmentation must be differentiable: the generator learns through "
                "it.",
                {
                    "layer": self.layer.name,
                    "gradient": gradient if gradient is None else 0,
                },
                "Use another, such as kgan.augmentation.DiffAugment(), or change the "
                "data alone: dataset.map(layer).",
            )

    def _probe(self, shape):
        """Returns the shape of what the layer makes of a sample, and a gradient."""
        samples = Stream(0).uniform([_PROBES, *shape], -1.0, 1.0)
        with tf.GradientTape() as tape:
            tape.watch(samples)
            made = tf.cast(self(samples, None, 0), tf.float32)
            total = tf.reduce_sum(made * Stream(1).normal(made.shape))
        return tuple(made.shape[1:]), tape.gradient(total, samples)

    def get_config(self):
        return {"layer": keras.saving.serialize_keras_object(self.layer)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["layer"]))
