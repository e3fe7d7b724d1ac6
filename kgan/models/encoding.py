import numpy as np

from kgan import sampling
from kgan._core.errors import invalid
from kgan._core.signature import signature_of


class Encoding:
    """What models have whose player `encoder` gives the codes of samples."""

    @property
    def encoding(self):
        """The `Signature` of the encoder."""
        return signature_of(self.encoder, "encoder", ("sample",))

    @property
    def stochastic(self):
        """Whether the encoder gives means and logarithms of variances of codes."""
        return self.encoding.outputs[-1] == 2 * self.latent_dim

    def encode(self, samples, batch_size=64, labels=None, condition=None):
        """Returns the codes of samples, by the moving average of the encoder.

        Args:
            samples: Float array `[N, …]`, images in [-1, 1].
            batch_size: Samples a pass.
            labels: Their labels, where the encoder takes any.
            condition: Their attributes, where the encoder takes any.

        Returns:
            A float32 NumPy array `[N, latent_dim]`; a stochastic encoder's means.
        """
        samples = np.asarray(samples)
        if (
            samples.shape[1:] != self.sample_shape
            or samples.dtype.kind != "f"
            or not len(samples)
        ):
            raise invalid(
                f"Samples must be floats of the shape [N, *{self.sample_shape}].",
                {"samples.shape": samples.shape, "samples.dtype": str(samples.dtype)},
                "Scale uint8 images by x / 127.5 - 1.",
            )
        given = self.given(len(samples), labels, condition)
        inputs = self.encoding.arrange(sample=samples, **given)
        codes = self.ema_encoder.predict(inputs, batch_size, verbose=0)
        return codes[:, : self.latent_dim]

    def reconstruct(self, samples, batch_size=64, labels=None, condition=None):
        """Returns the samples that the moving averages make of the codes of samples.

        Args:
            samples: As for `encode`, as are the others.

        Returns:
            A float32 NumPy array of the shape of `samples`.
        """
        given = self.given(len(samples), labels, condition)
        z = self.encode(samples, batch_size, labels, condition)
        inputs = self.signature.arrange(z=z, **given)
        return self.predict(inputs, batch_size, verbose=0)

    def given(self, count, labels, condition):
        """Returns a dict of the labels and conditions of samples, checked."""
        if self.num_classes is not None and labels is None:
            raise invalid(
                "A model of classes needs the labels of samples.",
                {"labels": None},
                "Pass labels=…, integers [N].",
            )
        return {
            name: value
            for name, value in (
                ("label", sampling.resolve_labels(labels, count, self.num_classes)),
                (
                    "condition",
                    sampling.resolve_condition(condition, count, self.condition_shape),
                ),
            )
            if value is not None
        }
