import keras
import numpy as np
import tensorflow as tf

from kgan import latents, likelihoods
from kgan._core.batch import Batch
from kgan._core.errors import invalid
from kgan._core.registry import create
from kgan._core.signature import check_codes, signature_of
from kgan.likelihoods.mean import Mean
from kgan.models.base import GenerativeModel
from kgan.models.encoding import Encoding
from kgan.models.player import Player
from kgan.models.training.checks import check_batch, check_ema_decay


@keras.saving.register_keras_serializable(package="kgan")
class VAE(Encoding, GenerativeModel):
    """Variational auto-encoder: a likelihood, and an encoder that makes it tractable.

    The encoder gives a normal distribution of codes for each sample, the decoder the
    distribution of samples for each code. Both are one player, which raises a bound of
    the log-likelihood of the data, the evidence lower bound (ELBO):
    E log p(x|z) - β·KL(q(z|x) ‖ p(z)), at β = 1.

    Args:
        encoder: A built `keras.Model` from samples, and the label or condition by name,
            to `[N, 2 * latent_dim]`: means, then logarithms of variances.
        decoder: A built `keras.Model` from codes, and the same conditions, to what the
            likelihood takes: see `kgan.networks.vae`.
        likelihood: A name such as `"bernoulli"`, or a `kgan.likelihoods.Likelihood`.
        beta: Factor β of the KL divergence in the loss (β-VAE).
        prior: `"normal"`.
        ema_decay: As in `kgan.GAN`; 0 takes the networks as they are.
        seed: Integer from which every random number of the training derives.

    Example:

    ```python
    vae = kgan.VAE(
        kgan.networks.vae.encoder((28, 28, 1)), kgan.networks.vae.decoder((28, 28, 1))
    )
    vae.compile(optimizer=keras.optimizers.Adam(1e-3))
    vae.fit(images, epochs=10)  # loss, reconstruction, kl: in nats a sample
    copies = vae.reconstruct(images[:16])
    ```

    Reference:

    - [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114)
    - [Higgins et al., 2017](https://openreview.net/forum?id=Sy2fzU9gl), β-VAE
    """

    settings_name = "vae"

    def __init__(
        self,
        encoder,
        decoder,
        likelihood="bernoulli",
        beta=1.0,
        prior="normal",
        ema_decay=0.0,
        seed=0,
        name="vae",
    ):
        check_ema_decay(ema_decay)
        networks = {"encoder": encoder, "decoder": decoder}
        player = Player("vae", networks, networks, ema_decay)
        likelihood = likelihoods.get(likelihood)
        # Set before the base asks what the model is; Keras tracks it all the same.
        self._mean = _with_mean(player.averages["decoder"], likelihood)
        super().__init__([player], prior, ema_decay, seed, name)
        self.likelihood = likelihood
        self.beta = beta
        _check(self)

    @classmethod
    def constructor(cls, parts):
        likelihood = create(
            parts.settings["likelihood"],
            likelihoods,
            likelihoods.Likelihood,
            "likelihood",
            **parts.settings["likelihood_options"],
        )
        return {
            "encoder": parts.network("encoder", **parts.conditions),
            "decoder": parts.network(
                "decoder", parameters=likelihood.parameters, **parts.conditions
            ),
            "likelihood": likelihood,
            "beta": parts.settings["beta"],
        }

    @property
    def inference_networks(self):
        average = self.players["vae"].averages["encoder"]
        return {"generator": self._mean, "encoder": average}

    def compile(
        self,
        optimizer=None,
        gradient_accumulation_steps=1,
        jit_compile="auto",
        run_eagerly=False,
        steps_per_execution=1,
    ):
        """Sets how the model is trained, and builds the optimizer.

        Args:
            optimizer: A `keras.optimizers.Optimizer`; by default `Adam(1e-3)`.
            gradient_accumulation_steps: As in `kgan.GAN.compile`, as are the others.
        """
        self.set_up(
            {"optimizer": optimizer or keras.optimizers.Adam(1e-3)},
            ["loss", "reconstruction", "kl"],
            gradient_accumulation_steps=gradient_accumulation_steps,
            jit_compile=jit_compile,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
        )

    def play(self, real, conditions, random):
        """Makes the one move of a step."""
        draws = self.micro_batches(self.draw, real, conditions, random.fold("codes"))
        self.move("vae", draws, self.losses)

    def draw(self, real, conditions, random):
        """Returns a batch of samples; their codes are drawn in `losses`."""
        return Batch(None, real, random=random, game=self, **conditions)

    def losses(self, batch):
        """Returns what is minimised and its two terms, each `[N]` in nats."""
        noise = batch.random.normal([batch.size, self.latent_dim])
        networks = self.encoder, self.decoder
        log_prob, kl = self.terms(*networks, batch, noise, training=True)
        return {
            "loss": self.beta * kl - log_prob,
            "reconstruction": -log_prob,
            "kl": kl,
        }

    def terms(self, encoder, decoder, batch, noise, training=False):
        """Returns log p(x|z) at a code of q(z|x), and KL(q(z|x) ‖ p(z)), each `[N]`.

        Args:
            encoder: The encoder or its moving average.
            decoder: Likewise.
            batch: The `kgan.Batch` of the samples.
            noise: Normal numbers `[N, latent_dim]`, of which the codes are made.
            training: Whether the networks are called as in training.
        """
        inputs = self.encoding.arrange(sample=batch.real, **batch.conditions)
        outputs = tf.cast(encoder(inputs, training=training), tf.float32)
        mean, log_variance = tf.split(outputs, 2, axis=-1)
        z = mean + tf.exp(log_variance / 2.0) * noise
        inputs = self.signature.arrange(z=z, **batch.conditions)
        log_prob = self.likelihood.log_prob(
            decoder(inputs, training=training), batch.real
        )
        kl = tf.square(mean) + tf.exp(log_variance) - 1.0 - log_variance
        return log_prob, tf.reduce_sum(kl, axis=-1) / 2.0

    def elbo(self, samples, labels=None, condition=None, seed=0, batch_size=500):
        """Returns the evidence lower bound of samples, by the moving averages.

        Args:
            samples: Float array `[N, …]`, images in [-1, 1].
            labels: Their labels, of a model with classes.
            condition: Their attributes, of a model with any.
            seed: Seed of the codes, one a sample.
            batch_size: Samples a pass.

        Returns:
            A float32 NumPy array `[N]` in nats, at β = 1.
        """
        samples = np.asarray(samples, np.float32)
        given = self.given(len(samples), labels, condition)
        check_batch(self, samples, given)
        averages = self.players["vae"].averages
        values = []
        for start in range(0, len(samples), batch_size):
            part = slice(start, start + batch_size)
            batch = Batch(
                None,
                tf.constant(samples[part]),
                **{name: tf.constant(value[part]) for name, value in given.items()},
            )
            noise = latents.noise(
                "normal", len(samples[part]), (self.latent_dim,), seed, "elbo", start
            )
            log_prob, kl = self.terms(
                averages["encoder"], averages["decoder"], batch, noise
            )
            values.append(log_prob - kl)
        return np.concatenate(values)

    def get_config(self):
        likelihood = keras.saving.serialize_keras_object(self.likelihood)
        return {**super().get_config(), "likelihood": likelihood, "beta": self.beta}


def _with_mean(decoder, likelihood):
    """Returns the functional model from codes to the means of samples."""
    found = signature_of(decoder, "decoder", ("z",))
    check_codes(found, "decoder")
    inputs = {
        role: keras.Input(shape, dtype=found.dtypes[role], name=role)
        for role, shape in found.roles.items()
    }
    outputs = decoder(found.arrange(**inputs))
    samples = Mean(likelihood, dtype="float32", name="mean")(outputs)
    inputs = list(inputs.values())
    inputs = inputs if len(inputs) > 1 else inputs[0]
    return keras.Model(inputs, samples, name=decoder.name)


def _check(vae):
    """Checks that the networks fit each other and the likelihood."""
    if vae.prior.name != "normal" or not vae.beta >= 0:
        raise invalid(
            "The prior must be 'normal', and `beta` 0 or more.",
            {"prior": vae.prior.name, "beta": vae.beta},
            "Use beta=1.0 for a bound of the likelihood.",
        )
    conditions = {
        k: v for k, v in vae.signature.roles.items() if k in ("label", "condition")
    }
    expected = {"sample": vae.sample_shape, **conditions}
    if vae.encoding.roles != expected or not vae.stochastic:
        raise invalid(
            "The encoder must take what the decoder's likelihood makes, under the same "
            "conditions, and give a mean and a logarithm of the variance for each "
            "number of the code.",
            {
                "encoder takes": vae.encoding.roles,
                "encoder gives": vae.encoding.outputs,
                "samples and conditions": expected,
                "latent_dim": vae.latent_dim,
            },
            "Build both by `kgan.networks.vae` for one shape and `latent_dim`, the "
            "decoder with the likelihood's `parameters`.",
        )
