"""The interface of an exported generator: what goes in and what comes out."""

import dataclasses
import inspect

import keras
import tensorflow as tf

from kgan._core.errors import invalid


@dataclasses.dataclass(frozen=True)
class Signature:
    """Names, shapes and dtypes of inputs and outputs.

    Args:
        latent_dim: Size of a code.
        num_classes: Number of classes, or `None` without a label input.
        outputs: Tuple of `Output`s, in the order of the Keras generator.
        static_batch: Fixed batch size, or `None` for any.
        extra_inputs: Tuple of `ExtraInput`s, in the order of the Keras generator.
    """

    latent_dim: int
    num_classes: int | None
    outputs: tuple
    static_batch: int | None = None
    extra_inputs: tuple = ()

    def __post_init__(self):
        if self.static_batch is not None and self.static_batch < 1:
            raise invalid(
                "`static_batch` must be a positive integer.",
                {"static_batch": self.static_batch},
                "Leave it out for a graph that takes any batch size.",
            )

    def as_floats(self):
        """Returns the same interface with float32 outputs."""
        outputs = (dataclasses.replace(one, dtype="float32") for one in self.outputs)
        return dataclasses.replace(self, outputs=tuple(outputs))

    def function(self, generator):
        """Returns the `tf.function` that an export holds.

        Args:
            generator: Functional `keras.Model` on `[z]` or `[z, label]` and the further
                inputs.

        Returns:
            A function of `z` float32 `[batch, latent_dim]`, where conditional `label`
            int64 `[batch]`, and the further inputs float32 `[batch, *shape]`; it
            returns a dict from names of outputs to samples.
        """
        batch = self.static_batch
        specs = [tf.TensorSpec([batch, self.latent_dim], tf.float32, "z")]
        if self.num_classes is not None:
            specs.append(tf.TensorSpec([batch], tf.int64, "label"))
        for extra in self.extra_inputs:
            specs.append(tf.TensorSpec([batch, *extra.shape], tf.float32, extra.name))
        names = [spec.name for spec in specs]

        def generate(*values):
            samples = call(generator, dict(zip(names, values, strict=True)))
            return {
                output.name: output.finish(one)
                for output, one in zip(self.outputs, samples, strict=True)
            }

        # TensorFlow names the inputs of a graph after the function's parameters.
        generate.__signature__ = inspect.Signature(
            [
                inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD)
                for n in names
            ]
        )
        return tf.function(generate, input_signature=specs)


def call(generator, feed):
    """Calls a generator at inference.

    Args:
        generator: Functional `keras.Model` on `[z]` or `[z, label]` and further inputs.
        feed: Dict from the names of the inputs, in order, to arrays or tensors.

    Returns:
        List of float32 tensors `[N, *sample_shape]`.
    """
    values = list(feed.values())
    for i, (name, expected) in enumerate(zip(feed, generator.inputs, strict=True)):
        if name == "label" and len(expected.shape) == 2:
            values[i] = values[i][:, None]
    return keras.tree.flatten(generator(values, training=False))
