import keras
import numpy as np
import tensorflow as tf

from kgan._core.batch import Batch
from kgan._core.errors import invalid
from kgan._core.gradients import logits_of
from kgan.models.average import update_average
from kgan.models.gan import GAN


@keras.saving.register_keras_serializable(package="kgan")
class BiGAN(GAN):
    """A game in which an encoder learns the code of every real sample.

    The discriminator judges pairs of a sample and a code: a real sample x with its code
    E(x), or a code z from the prior with its sample G(z). Encoder and generator, who
    move together, win when the pairs cannot be told apart, and then they are each
    other's inverse. Their loss is the discriminator's with real and fake exchanged,
    whatever the loss is.

    With an encoder that gives a distribution of codes the game is ALI: in training a
    code is drawn from it, in `encode` its mean is taken.

    All else is as in `kgan.GAN`, without labels. Penalties see a pair as one vector,
    the sample's values before the code's.

    Args:
        generator: A functional `keras.Model` from codes `[N, latent_dim]` to samples.
        discriminator: A functional `keras.Model` from `[samples, codes]` to logits
            `[N, 1]`.
        encoder: A functional `keras.Model` from samples to codes, or to `[N, 2 *
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
    judges_codes = True

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
        super().__init__(generator, discriminator, prior, ema_decay, seed, name)
        _check_encoder(encoder, self)
        self.encoder = self.ema_encoder = encoder
        if ema_decay:
            self.ema_encoder = keras.models.clone_model(encoder)
            self.ema_encoder.set_weights(encoder.get_weights())

    @property
    def inference_networks(self):
        return {**super().inference_networks, "encoder": self.ema_encoder}

    @property
    def stochastic(self):
        """Whether the encoder gives means and variances of codes."""
        return self.encoder.output_shape[-1] == 2 * self.latent_dim

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

    def encode(self, samples, batch_size=64):
        """Returns the codes of samples, by the EMA encoder.

        Args:
            samples: Float array `[N, …]`, images in [-1, 1].
            batch_size: Samples a pass.

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
        codes = self.ema_encoder.predict(samples, batch_size, verbose=0)
        return codes[:, : self.latent_dim]

    def reconstruct(self, samples, batch_size=64):
        """Returns the EMA generator's samples of the codes of samples.

        Args:
            samples: Float array `[N, …]`, images in [-1, 1].
            batch_size: Samples a pass.

        Returns:
            A float32 NumPy array of the shape of `samples`.
        """
        codes = self.encode(samples, batch_size)
        return self.predict(codes, batch_size, verbose=0)

    def get_config(self):
        encoder = keras.saving.serialize_keras_object(self.encoder)
        return {**super().get_config(), "encoder": encoder}

    def _play(self, real, label):
        super()._play(real, label)
        if self.ema_decay:
            update_average(
                self.ema_encoder, self.encoder, self.ema_decay, self.step - 1
            )

    def _weights(self, player):
        weights = super()._weights(player)
        if player == "generator":
            weights = [*weights, *self.encoder.trainable_variables]
        return weights

    def _draw_batch(self, real, label, random):
        """Returns a batch of pairs: the base class plays with them as with samples."""

        def discriminator(pairs):
            return self.discriminator(self._parts(pairs), training=True)

        def generator(z):
            return self._pair(self.generator(z, training=True), z)

        z = self.prior.sample([tf.shape(real)[0], self.latent_dim], random.fold("z"))
        with tf.GradientTape() as tape:
            fake = generator(z)
            real = self._pair(real, self._codes(real, random.fold("encoder")))
        batch = Batch(discriminator, real, fake, random, generator, z, None, self)
        return batch, tape

    def _codes(self, samples, random):
        """Returns what the encoder gives in training, drawn if it is a distribution."""
        codes = tf.cast(self.encoder(samples, training=True), tf.float32)
        if not self.stochastic:
            return codes
        mean, log_variance = tf.split(codes, 2, axis=-1)
        noise = random.normal([tf.shape(mean)[0], self.latent_dim])
        return mean + tf.exp(0.5 * log_variance) * noise

    def _pair(self, samples, codes):
        samples = tf.reshape(samples, [tf.shape(codes)[0], np.prod(self.sample_shape)])
        return tf.concat([tf.cast(samples, tf.float32), codes], axis=-1)

    def _parts(self, pairs):
        """Returns samples and codes of pairs."""
        samples, codes = tf.split(pairs, [-1, self.latent_dim], axis=-1)
        return [tf.reshape(samples, [-1, *self.sample_shape]), codes]

    def _see(self, samples, random):
        """Returns pairs with augmented samples."""
        if not self.augmentation:
            return samples
        samples, codes = self._parts(samples)
        random = random.fold("augmentation")
        return self._pair(self.augmentation(samples, random, self.step), codes)

    def _game_gradients(self, batch, tape, real_logits):
        """Returns the gradients of generator and encoder, through both pairs."""
        pairs = [batch.real, batch.fake]
        judged = [tf.stop_gradient(pair) for pair in pairs]
        with tf.GradientTape(watch_accessed_variables=False) as judging:
            judging.watch(judged)
            real_logits, fake_logits = (
                logits_of(batch.discriminator(self._see(pair, batch.random.fold(name))))
                for name, pair in zip(("real", "fake"), judged, strict=True)
            )
            per_sample = self.adversarial_loss.discriminator_loss(
                fake_logits, real_logits
            )
            loss = self._mean(per_sample, "g_loss")
            loss = self.generator_optimizer.scale_loss(loss)
        return tape.gradient(
            pairs, self._weights("generator"), judging.gradient(loss, judged)
        )


def _check_encoder(encoder, game):
    """Checks that the encoder is built, and inverts the generator."""
    shapes = None
    if isinstance(encoder, keras.Model) and getattr(encoder, "inputs", None):
        shapes = [encoder.input_shape[1:], encoder.output_shape[1:]]
    size = game.latent_dim
    if shapes not in ([game.sample_shape, (n,)] for n in (size, 2 * size)):
        raise invalid(
            f"The encoder must be a functional `keras.Model` from {game.sample_shape} "
            f"to codes of size {size}, or {2 * size} with variances.",
            {"encoder": encoder, "shapes": shapes},
            "Build it for the generator's sample shape and `latent_dim`.",
        )
    codes = tuple(game.discriminator.inputs[1].shape[1:])
    if codes != (size,):
        raise invalid(
            f"The discriminator must judge codes of size {size} beside samples.",
            {"discriminator.input_shape": codes},
            "Build it with the generator's `latent_dim`.",
        )
