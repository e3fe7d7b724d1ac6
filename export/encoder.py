"""The encoder of a BiGAN: the generator's samples go in, their codes come out."""

import dataclasses
import inspect

import numpy as np
import tensorflow as tf

from kgan._core.errors import invalid
from kgan_export import verify
from kgan_export.output import Output
from kgan_export.signature import call


@dataclasses.dataclass(frozen=True)
class EncoderSignature:
    """The interface of an encoder: that of its generator, turned round.

    Args:
        sample: The `Output` of the generator, which goes in.
        latent_dim: Size of a code.
        static_batch: Fixed batch size, or `None` for any.
    """

    sample: Output
    latent_dim: int
    static_batch: int | None = None

    @property
    def outputs(self):
        """Tuple of the one output, `z`."""
        return (Output((self.latent_dim,), name="z"),)

    def as_floats(self):
        """Returns the same interface: codes are floats."""
        return self

    def function(self, encoder):
        """Returns the `tf.function` of samples `[batch, *shape]` that gives `z`.

        Args:
            encoder: Functional `keras.Model` from samples to codes, or to means and
                logarithms of variances of codes, of which the means are taken.
        """
        name = self.sample.name
        spec = tf.TensorSpec(
            [self.static_batch, *self.sample.shape], self.sample.dtype, name
        )

        def encode(samples):
            return {"z": self.encode(encoder, samples)}

        # TensorFlow names the inputs of a graph after the function's parameters.
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        encode.__signature__ = inspect.Signature([inspect.Parameter(name, kind)])
        return tf.function(encode, input_signature=[spec])

    def encode(self, encoder, samples):
        """Returns the codes `[N, latent_dim]` of samples as the export takes them."""
        x = tf.cast(samples, tf.float32)
        if self.sample.dtype == "uint8":
            x = x / 127.5 - 1.0
        if self.sample.layout == "nchw":
            x = tf.transpose(x, [0, 2, 3, 1])
        return encoder(x, training=False)[:, : self.latent_dim]

    def comparison(self, source, encoder):
        """Returns samples of the generator to compare on, and what Keras makes of them.

        Args:
            source: The `Source`.
            encoder: The Keras encoder, the truth.

        Returns:
            List of dicts from the input's name to an array, and for each the list of
            outputs.
        """
        batches, expected = [], []
        with tf.device("CPU:0"):  # as verify.keras_outputs
            for feed in verify.make_batches(source, self.static_batch):
                (samples,) = call(source.generator, feed)
                samples = self.sample.finish(samples).numpy()
                batches.append({self.sample.name: samples})
                expected.append([np.asarray(self.encode(encoder, samples))])
        return batches, expected


def turn_round(source, signature, metadata, format, precision):
    """Returns interface and metadata of the encoder.

    Args:
        source: The `Source`.
        signature: The generator's `Signature`.
        metadata: The generator's metadata.
        format: Name of the format.
        precision: Name of the precision.

    Raises:
        ValueError: If there is no encoder, or it cannot be exported so.
    """
    if source.encoder is None:
        raise invalid(
            "The source must be a game with an encoder.",
            {"network": "encoder", "generator": source.generator.name},
            "Train a BiGAN, by the preset bigan, or export the generator.",
        )
    if (format, precision) != ("onnx", "fp32"):
        raise invalid(
            "An encoder is exported to onnx, in fp32.",
            {"format": format, "precision": precision},
            "Leave both out.",
        )
    (sample,) = signature.outputs
    turned = EncoderSignature(sample, signature.latent_dim, signature.static_batch)
    codes = {"range": None}  # of a normal prior
    (output,) = (one.describe() | codes for one in turned.outputs)
    return turned, metadata | {
        "architecture": source.encoder.name,
        "network": "encoder",
        "inputs": [sample.describe()],
        "outputs": [output],
        "output_dtype": output["dtype"],
        "output_range": output["range"],
    }
