import keras
import tensorflow as tf

from kgan import data
from kgan._core.errors import invalid
from kgan.data.pipeline import as_checked
from kgan.models.gan import GAN
from kgan.models.training.sources import is_stream


@keras.saving.register_keras_serializable(package="kgan")
class CoGAN(GAN):
    """A game in two domains, which learns pairs of samples from unpaired data.

    Two generators make a sample of either domain from the same code; two discriminators
    judge one domain each. The stages whose weights they share tie the domains together:
    what a code means, it means in both. A pair, a dict of `a` and `b`, is one sample of
    the game, so that everything else is as in `kgan.GAN`: losses are averaged over the
    two domains, and a gradient penalty is of the gradient in both.

    Args:
        generator: A built `keras.Model` from codes `[N, latent_dim]` to a dict of `a`
            and `b`, such as `kgan.networks.cogan.generators` returns.
        discriminator: A built `keras.Model` from inputs `a` and `b` to logits `[N, 2]`,
            or to a dict with `"logits"`: see `kgan.networks.cogan.discriminators`.
        prior: As in `GAN`.
        ema_decay: As in `GAN`.
        seed: As in `GAN`.

    Example:

    ```python
    cogan = kgan.CoGAN(
        kgan.networks.cogan.generators((8, 8, 1), latent_dim=32, width=32),
        kgan.networks.cogan.discriminators((8, 8, 1)),
    )
    cogan.compile()
    cogan.fit((digits, inverted_digits), epochs=100)  # of different lengths and orders
    pairs = cogan.generate(16)  # {"a": float32 [16, 8, 8, 1], "b": as many}
    ```

    Reference:

    - [Liu and Tuzel, 2016](https://arxiv.org/abs/1606.07536)
    """

    settings_name = "cogan"
    domains = ("a", "b")

    def __init__(
        self,
        generator,
        discriminator,
        prior="normal",
        ema_decay=0.999,
        seed=0,
        name="cogan",
    ):
        super().__init__(generator, discriminator, prior, ema_decay, seed, name)
        shapes = self.sample_shape
        if self.output_names != self.domains or shapes["a"] != shapes["b"]:
            raise invalid(
                "The generator must make pairs: a dict of samples `a` and `b` of one "
                "shape.",
                {"generator gives": shapes},
                "Build it by `kgan.networks.cogan.generators`.",
            )

    @classmethod
    def constructor(cls, parts):
        return {
            "generator": parts.network("generator", "generators"),
            "discriminator": parts.network(
                "discriminator", "discriminators", **parts.conditions, **parts.heads
            ),
        }

    @property
    def domain_shape(self):
        """Shape of one sample of one domain."""
        return self.sample_shape["a"]

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        shuffle=True,
        steps_per_epoch=None,
        **options,
    ):
        """Trains both players on unpaired samples of the two domains.

        Args:
            x: A pair of arrays, the samples of either domain, uint8 or float in
                [-1, 1], of any lengths; or a `tf.data.Dataset` of `(a, b)` or
                `(a, b, labels)`, batches of equal size.
            y: With arrays, integer labels of the first domain, for a classifier.
            batch_size: With arrays, samples of each domain in a discriminator update;
                64 by default.
            epochs: Number of the last epoch.
            shuffle: With arrays, whether to shuffle both, each in its own order.
            steps_per_epoch: Generator updates in an epoch; by default one pass over
                the smaller domain.
            **options: As for `GAN.fit`.

        Returns:
            A Keras `History`.

        Raises:
            ValueError: If the data does not fit the players.
        """
        self._assert_compile_called("fit")
        if isinstance(x, tuple | list) and len(x) == 2:
            value_range = options.get("value_range", "auto")
            x, steps = self._pairs(*x, y, batch_size or 64, shuffle, value_range)
            y, batch_size, steps_per_epoch = None, None, steps_per_epoch or steps
        elif not is_stream(x):
            raise invalid(
                "A game in two domains needs samples of both.",
                {"x": type(x).__name__},
                "Pass fit((a, b)), or a data set of (a, b).",
            )
        return super().fit(
            x, y, batch_size, epochs, steps_per_epoch=steps_per_epoch, **options
        )

    def unpack(self, data):
        """Returns the pairs of an element, and the first domain's labels if any.

        Args:
            data: `(a, b)`, `(a, b, label)`, `((a, label), b)`, or a dict by name.
        """
        if isinstance(data, dict):
            return super().unpack(data)
        first, b, *label = data
        if isinstance(first, tuple | list):
            first, *label = first
        pair = {"a": first, "b": b}
        return super().unpack((pair, *label))

    def classify(self, samples, domain="b", batch_size=64):
        """Returns the classes of samples, by the discriminator's classifier.

        Trained with labels of the first domain, it reads features that the domains
        share: domain adaptation.

        Args:
            samples: Float array `[N, …]` of one domain.
            domain: `"a"` or `"b"`.
            batch_size: Samples a pass.

        Returns:
            An int64 NumPy array `[N]`.

        Raises:
            ValueError: If the discriminator has no classifier.
        """
        heads = {"a": "class_logits", "b": "class_logits_b"}
        outputs = self.judging.outputs
        if domain not in heads or heads[domain] not in (
            outputs if isinstance(outputs, dict) else ()
        ):
            raise invalid(
                "Classifying needs a classifier of the domain.",
                {"domain": domain},
                "Build the discriminators with `num_classes`; domains are 'a' and 'b'.",
            )
        pairs = self.judging.arrange(a=samples, b=samples)
        logits = self.discriminator.predict(pairs, batch_size, verbose=0)
        return logits[heads[domain]].argmax(axis=1)

    def _pairs(self, a, b, y, batch_size, shuffle, value_range):
        """Returns a stream of batches of pairs, and steps in a pass of the smaller."""
        domains = [
            data.from_arrays(x, labels, value_range=value_range)
            for x, labels in ((a, y), (b, None))
        ]
        for name, samples in zip("ab", domains, strict=True):
            if samples.shape != self.domain_shape:
                raise invalid(
                    f"Samples of both domains must have the shape {self.domain_shape}.",
                    {f"{name}.shape": samples.shape},
                    "Resize the data, or build the networks for its shape.",
                )
        count = batch_size * self.discriminator_steps.most
        steps = min(map(len, domains)) // count
        if not steps:
            raise invalid(
                "Both domains must hold at least one step.",
                {"samples": [len(d) for d in domains], "samples of a step": count},
                "Use a smaller `batch_size`.",
            )
        start = int(self.step.numpy()) * count
        pairs = unpaired(*domains, batch_size, self.seed, start, shuffle)
        return pairs, steps


def unpaired(a, b, batch_size, seed=0, start=0, shuffle=True, flip="none"):
    """Returns an endless `tf.data.Dataset` of batches of two domains.

    Args:
        a: `kgan.data.Samples` of the first domain; with labels, its batches are
            `(samples, labels)`.
        b: `Samples` of the second domain, without labels.
        batch_size: Samples of each in a batch.
        seed: As for `kgan.data.batches`, as are `start`, `shuffle` and `flip`.
    """
    streams = [
        # Orders of their own: what meets in a batch is no pair.
        data.batches(
            samples, batch_size, shuffle, seed + i, start, repeat=True, flip=flip
        )
        for i, samples in enumerate((a, b))
    ]
    return as_checked(tf.data.Dataset.zip(*streams))
