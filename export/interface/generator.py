"""The interface of an exported generator: codes and conditions in, samples out."""

import dataclasses

import keras
import tensorflow as tf

from kgan_export import verify
from kgan_export.interface.base import Interface
from kgan_export.interface.output import Output


@dataclasses.dataclass(frozen=True, kw_only=True)
class GeneratorInterface(Interface):
    """Takes `z` and, where the generator has them, `label`, `condition` and further
    inputs; gives samples.

    Args:
        latent_dim: Size of a code.
        outputs: Tuple of `Output`s, in the order of the Keras generator.
        num_classes: Number of classes, or `None` without the input `label`.
        condition_shape: Shape of one condition, or `None` without `condition`.
        extra_inputs: Tuple of `ExtraInput`s, in the order of the Keras generator.
        static_batch: Fixed batch size, or `None` for any.
    """

    latent_dim: int
    outputs: tuple = ()
    num_classes: int | None = None
    condition_shape: tuple | None = None
    extra_inputs: tuple = ()

    network = "generator"

    @classmethod
    def of(cls, source, layout, output_dtype, static_batch):
        names = source.output_names or [None]
        return cls(
            latent_dim=source.latent_dim,
            outputs=tuple(
                Output(shape, layout, output_dtype, name)
                for shape, name in zip(source.sample_shapes, names, strict=True)
            ),
            num_classes=source.num_classes,
            condition_shape=source.condition_shape,
            extra_inputs=source.extra_inputs,
            static_batch=static_batch,
        )

    @property
    def inputs(self):
        batch = self.static_batch
        specs = [tf.TensorSpec([batch, self.latent_dim], tf.float32, "z")]
        if self.num_classes is not None:
            specs.append(tf.TensorSpec([batch], tf.int64, "label"))
        if self.condition_shape is not None:
            shape = [batch, *self.condition_shape]
            specs.append(tf.TensorSpec(shape, tf.float32, "condition"))
        for extra in self.extra_inputs:
            specs.append(tf.TensorSpec([batch, *extra.shape], tf.float32, extra.name))
        return {spec.name: spec for spec in specs}

    def as_floats(self):
        outputs = (dataclasses.replace(one, dtype="float32") for one in self.outputs)
        return dataclasses.replace(self, outputs=tuple(outputs))

    def call(self, network, feed):
        return [
            output.arrange(samples)
            for output, samples in zip(
                self.outputs, generate(network, feed), strict=True
            )
        ]

    def batches(self, source):
        return verify.make_batches(source, self.static_batch)

    def describe(self):
        first, *_ = outputs = [output.describe() for output in self.outputs]
        return {
            "network": self.network,
            "kind": first["kind"],
            "sample_shape": first["shape"],
            "layout": first["layout"],
            "output_dtype": first["dtype"],
            "output_range": first["range"],
            "inputs": None,
            "outputs": outputs,
            "extra_inputs": [x.describe() for x in self.extra_inputs],
            "static_batch": self.static_batch,
        }


def generate(generator, feed):
    """Calls a generator at inference.

    Args:
        generator: Functional `keras.Model` on `[z]`, `[z, label]` or others of
            `Source.networks`.
        feed: Dict from the names of the inputs, in order, to arrays or tensors.

    Returns:
        List of float32 tensors `[N, *sample_shape]`.
    """
    values = list(feed.values())
    for i, (name, expected) in enumerate(zip(feed, generator.inputs, strict=True)):
        if name == "label" and len(expected.shape) == 2:
            values[i] = values[i][:, None]
    return keras.tree.flatten(generator(values, training=False))
