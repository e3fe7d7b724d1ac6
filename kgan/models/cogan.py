import keras
import numpy as np
import tensorflow as tf

from kgan import data
from kgan._core.errors import invalid
from kgan.models.gan import GAN


@keras.saving.register_keras_serializable(package="kgan")
class CoGAN(GAN):
    """A game in two domains, which learns pairs of samples from unpaired data.

    Two generators make a sample of either domain from the same code; two discriminators
    judge one domain each. The stages whose weights they share tie the domains together:
    what a code means, it means in both. A pair is one sample of the game, side by side
    in the channels, so that everything else is as in `kgan.GAN`: losses are averaged
    over the two domains, and a gradient penalty is of the gradient in both.

    Args:
        generator: A functional `keras.Model` from codes `[N, latent_dim]` to pairs,
            such as `kgan.networks.cogan.generators` returns.
        discriminator: A functional `keras.Model` from pairs to logits `[N, 2]`, or to
            a dict with `"logits"`: see `kgan.networks.cogan.discriminators`.
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
    domains = output_names = ("a", "b")

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
        if self.conditional or len(self.sample_shape) < 2 or self.sample_shape[-1] % 2:
            raise invalid(
                "The generator must make pairs of samples from codes alone: an even "
                "number of channels, of which each domain has half.",
                {
                    "generator inputs": len(generator.inputs),
                    "sample": self.sample_shape,
                },
                "Build it by `kgan.networks.cogan.generators`.",
            )
        # Two outputs by name: so an export gives them. The layers have names, too: one
        # that Keras makes up may be one of a loaded generator's.
        self.ema_generator = keras.Model(
            self.ema_generator.input,
            {
                name: Half(index, dtype="float32", name=f"domain_{name}")(
                    self.ema_generator.output
                )
                for index, name in enumerate("ab")
            },
            name=generator.name,
        )

    @property
    def domain_shape(self):
        """Shape of one sample of one domain."""
        return (*self.sample_shape[:-1], self.sample_shape[-1] // 2)

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
        if isinstance(x, tf.data.Dataset):
            pairs = x.map(_join)
        elif isinstance(x, tuple | list) and len(x) == 2:
            pairs, steps = self._pairs(*x, y, batch_size or 64, shuffle)
            y, batch_size, steps_per_epoch = None, None, steps_per_epoch or steps
        else:
            raise invalid(
                "A game in two domains needs samples of both.",
                {"x": type(x).__name__},
                "Pass fit((a, b)), or a data set of (a, b).",
            )
        return super().fit(
            pairs, y, batch_size, epochs, steps_per_epoch=steps_per_epoch, **options
        )

    def call(self, inputs, training=False):
        """Returns the EMA generators' pairs of codes, side by side in the channels."""
        pair = self.ema_generator(inputs, training=training)
        return tf.concat([pair["a"], pair["b"]], axis=-1)

    def generate(self, num_samples, labels=None, seed=0, truncation=1.0, batch_size=64):
        """Draws pairs of samples from the EMA generators, each pair from one code.

        Args:
            num_samples: Number of pairs.
            labels: None.
            seed: As in `GAN.generate`, as are `truncation` and `batch_size`.

        Returns:
            A dict of `"a"` and `"b"`, float32 NumPy arrays `[num_samples, …]`.
        """
        pairs = super().generate(num_samples, labels, seed, truncation, batch_size)
        return self.split(pairs)

    def split(self, pairs):
        """Returns pairs that are side by side in the channels as a dict.

        Args:
            pairs: Array `[N, …, 2·channels]`, such as `predict` gives of codes.

        Returns:
            A dict of `"a"` and `"b"`, arrays `[N, …, channels]`.
        """
        return dict(zip("ab", np.split(pairs, 2, axis=-1), strict=True))

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
        outputs = self.discriminator.output
        if domain not in heads or heads[domain] not in (
            outputs if isinstance(outputs, dict) else ()
        ):
            raise invalid(
                "Classifying needs a classifier of the domain.",
                {"domain": domain},
                "Build the discriminators with `num_classes`; domains are 'a' and 'b'.",
            )
        pairs = np.concatenate([samples, samples], axis=-1)
        logits = self.discriminator.predict(pairs, batch_size, verbose=0)
        return logits[heads[domain]].argmax(axis=1)

    def _pairs(self, a, b, y, batch_size, shuffle):
        """Returns a stream of batches of pairs, and steps in a pass of the smaller."""
        domains = [data.from_arrays(a, y), data.from_arrays(b)]
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
        return pairs.map(_join), steps


@keras.saving.register_keras_serializable(package="kgan")
class Half(keras.layers.Layer):
    """Takes one domain out of pairs.

    Args:
        index: 0 or 1.
    """

    def __init__(self, index, **kwargs):
        super().__init__(**kwargs)
        self.index = index

    def call(self, pairs):
        channels = pairs.shape[-1] // 2
        return pairs[..., self.index * channels :][..., :channels]

    def get_config(self):
        return {**super().get_config(), "index": self.index}


def unpaired(a, b, batch_size, seed=0, start=0, shuffle=True):
    """Returns an endless `tf.data.Dataset` of batches of two domains.

    Args:
        a: `kgan.data.Samples` of the first domain; with labels, its batches are
            `(samples, labels)`.
        b: `Samples` of the second domain, without labels.
        batch_size: Samples of each in a batch.
        seed: As for `kgan.data.batches`, as are `start` and `shuffle`.
    """
    streams = [
        # Orders of their own: what meets in a batch is no pair.
        data.batches(samples, batch_size, shuffle, seed + i, start, repeat=True)
        for i, samples in enumerate((a, b))
    ]
    return tf.data.Dataset.zip(*streams)


def _join(a, b, label=None):
    """Returns pairs side by side, and the first domain's labels if there are any."""
    if isinstance(a, tuple):
        a, label = a
    pair = tf.concat([a, b], axis=-1)
    return pair if label is None else (pair, label)
