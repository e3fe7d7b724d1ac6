import dataclasses

import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.gradients import logits_of
from kgan._core.nests import count
from kgan.models.encoding import Encoding
from kgan.models.gan import GAN
from kgan.models.training.layer_losses import call_losses


@keras.saving.register_keras_serializable(package="kgan")
class BiGAN(Encoding, GAN):
    """A game in which an encoder learns the code of every real sample.

    The discriminator judges pairs of a sample and a code: a real sample x with its code
    E(x), or a code z from the prior with its sample G(z). Encoder and generator, who
    move together, win when the pairs cannot be told apart, and then they are each
    other's inverse. Their loss is the discriminator's with real and fake exchanged,
    whatever the loss is.

    With an encoder that gives a distribution of codes the game is ALI: in training a
    code is drawn from it, in `encode` its mean is taken.

    All else is as in `kgan.GAN`, without labels. A pair is a dict of `sample` and `z`;
    penalties see both, as a gradient in both.

    Args:
        generator: A built `keras.Model` from codes `[N, latent_dim]` to samples.
        discriminator: A built `keras.Model` from samples and codes, an input of the
            name `z`, to logits `[N, 1]`.
        encoder: A built `keras.Model` from samples to codes, or to `[N, 2 *
            latent_dim]`: means, then logarithms of variances (ALI).
        prior: As in `GAN`.
        ema_decay: As in `GAN`; the encoder gets a moving average too.
        seed: As in `GAN`.

    Example:

    ```python
    bigan = kgan.BiGAN(
        kgan.networks.dcgan.generator((28, 28, 1), latent_dim=50),
        kgan.networks.bigan.discriminator((28, 28, 1), latent_dim=50),
        kgan.networks.bigan.encoder((28, 28, 1), latent_dim=50),
    )
    bigan.compile()
    bigan.fit(images, epochs=10)
    codes = bigan.encode(images[:16])        # float32 [16, 50]
    copies = bigan.reconstruct(images[:16])  # float32 [16, 28, 28, 1]
    ```

    Reference:

    - [Donahue et al., 2017](https://arxiv.org/abs/1605.09782)
    - [Dumoulin et al., 2017](https://arxiv.org/abs/1606.00704)
    """

    settings_name = "bigan"
    judged_parts = ("sample", "z")
    made_by_generator = ("real", "fake")

    def __init__(
        self,
        generator,
        discriminator,
        encoder,
        prior="normal",
        ema_decay=0.999,
        seed=0,
        name="bigan",
    ):
        super().__init__(
            generator, discriminator, prior, ema_decay, seed, name, encoder=encoder
        )
        _check_encoder(self)

    @classmethod
    def constructor(cls, parts):
        generator = parts.network("generator")
        (_, latent_dim) = generator.input_shape
        options = {"family": "bigan", "latent_dim": latent_dim}
        return {
            "generator": generator,
            "encoder": parts.network("encoder", **options),
            "discriminator": parts.network("discriminator", **options, **parts.heads),
        }

    def compile(self, *args, **kwargs):
        """Sets how the game is played, as `GAN.compile` does.

        `pack`, `unroll_steps`, `top_k` and the penalty `consistency` are refused: they
        are of single samples.
        """
        super().compile(*args, **kwargs)
        names = [penalty.name for penalty in self.penalties]
        if (
            self.pack > 1
            or self.unroll_steps
            or self.top_k != 1
            or "consistency" in names
        ):
            raise invalid(
                "A game of pairs takes no packs, unrolling, top-k or consistency.",
                {
                    "pack": self.pack,
                    "unroll_steps": self.unroll_steps,
                    "top_k": self.top_k,
                    "penalties": names,
                },
                "Leave them out.",
            )

    def draw(self, real, conditions, random):
        """Draws a batch of pairs: samples with their codes, codes with their samples.

        Returns:
            A `kgan.Batch`, a tape of what generator and encoder make of it, and what
            their layers added to the loss.
        """
        number = count(real)
        batch = self.players_of(conditions, number, random)
        generator = batch.generator

        def paired(z):
            return {"sample": generator(z), "z": z}

        z = self.prior.sample([number, self.latent_dim], random.fold("z"))
        with tf.GradientTape() as tape:
            fake = paired(z)
            real = {"sample": real, "z": self.codes(real, random.fold("encoder"))}
        batch = dataclasses.replace(batch, real=real, fake=fake, z=z, generator=paired)
        return batch, tape, [*call_losses(self.generator), *call_losses(self.encoder)]

    def codes(self, samples, random):
        """Returns what the encoder gives in training, drawn if it is a distribution."""
        inputs = self.encoding.arrange(sample=samples)
        codes = tf.cast(self.encoder(inputs, training=True), tf.float32)
        if not self.stochastic:
            return codes
        mean, log_variance = tf.split(codes, 2, axis=-1)
        noise = random.normal([tf.shape(mean)[0], self.latent_dim])
        return mean + tf.exp(0.5 * log_variance) * noise

    def generator_loss(self, batch, real_logits):
        """Returns the loss of generator and encoder: the exchanged discriminator's."""
        random = batch.random
        real_logits, fake_logits = (
            logits_of(batch.discriminator(self.seen(pairs, random.fold(name))))
            for name, pairs in (("real", batch.real), ("fake", batch.fake))
        )
        per_sample = self.adversarial_loss.discriminator_loss(fake_logits, real_logits)
        return self.mean(per_sample, "g_loss")


def _check_encoder(game):
    """Checks that the encoder is built, and inverts the generator."""
    found = game.encoding
    size = game.latent_dim
    if found.roles != {"sample": game.sample_shape} or found.outputs not in (
        (size,),
        (2 * size,),
    ):
        raise invalid(
            f"The encoder must go from {game.sample_shape} to codes of size {size}, or "
            f"{2 * size} with variances.",
            {"takes": found.roles, "gives": found.outputs},
            "Build it for the generator's sample shape and `latent_dim`.",
        )
    codes = game.judging.roles["z"]
    if codes != (size,):
        raise invalid(
            f"The discriminator must judge codes of size {size} beside samples.",
            {"discriminator.input_shape": codes},
            "Build it with the generator's `latent_dim`.",
        )
