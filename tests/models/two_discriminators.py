"""A game of three players, as a user would write it: one generator, two discriminators.

One discriminator judges a sample as it is, the other at half of its resolution.
"""

import keras
import tensorflow as tf

import kgan
from kgan._core.nests import count


@keras.saving.register_keras_serializable(package="kgan_tests")
class TwoDiscriminators(kgan.GenerativeModel):
    """The generator must deceive both.

    Args:
        generator: From codes to images.
        fine_discriminator: From images to logits.
        coarse_discriminator: From images of half the resolution to logits.
    """

    settings_name = "two_discriminators"

    def __init__(
        self,
        generator,
        fine_discriminator,
        coarse_discriminator,
        prior="normal",
        ema_decay=0.9,
        seed=0,
        name="two",
    ):
        players = [
            kgan.Player("fine", {"fine_discriminator": fine_discriminator}),
            kgan.Player("coarse", {"coarse_discriminator": coarse_discriminator}),
            kgan.Player(
                "generator", {"generator": generator}, ["generator"], ema_decay
            ),
        ]
        super().__init__(players, prior, ema_decay, seed, name)
        self.adversarial_loss = kgan.losses.get("non_saturating")

    def compile(self, penalties=(), optimizer="sgd", **execution):
        players = ("fine", "coarse", "generator")
        optimizers = {f"{name}_optimizer": make(optimizer) for name in players}
        self.set_up(
            optimizers, ["fine_loss", "coarse_loss", "g_loss"], penalties, **execution
        )

    def compile_from_config(self, config):
        self.compile(
            penalties=keras.saving.deserialize_keras_object(config["penalties"])
        )

    def compile_arguments(self):
        return {"penalties": list(self.penalties)}

    def play(self, real, conditions, random):
        for player in ("fine", "coarse"):
            draws = self.micro_batches(
                getattr(self, f"draw_{player}"), real, conditions, random.fold(player)
            )
            self.move(player, draws, self.discriminator_losses(player))
        draws = self.micro_batches(
            self.draw_fine, real, conditions, random.fold("generator")
        )
        self.move("generator", draws, self.generator_losses)

    def draw_fine(self, real, conditions, random):
        return self.drawn(self.fine_discriminator, real, random)

    def draw_coarse(self, real, conditions, random):
        return self.drawn(self.coarse_discriminator, real, random, halve)

    def drawn(self, discriminator, real, random, seen=lambda x: x):
        z = self.prior.sample([count(real), self.latent_dim], random.fold("z"))
        fake = tf.stop_gradient(self.generator(z, training=True))
        return kgan.Batch(
            lambda x: discriminator(x, training=True),
            seen(real),
            seen(fake),
            random=random,
            z=z,
            game=self,
        )

    def discriminator_losses(self, player):
        def losses(batch):
            real, fake = (batch.discriminator(x) for x in (batch.real, batch.fake))
            loss = self.adversarial_loss.discriminator_loss(real, fake)
            return {f"{player}_loss": loss}

        return losses

    def generator_losses(self, batch):
        fake = self.generator(batch.z, training=True)
        logits = [
            self.fine_discriminator(fake, training=True),
            self.coarse_discriminator(halve(fake), training=True),
        ]
        loss = sum(self.adversarial_loss.generator_loss(x, x) for x in logits)
        return {"g_loss": loss}


def halve(images):
    return keras.ops.average_pool(images, 2, 2)


def make(optimizer):
    return keras.optimizers.SGD(0.05) if optimizer == "sgd" else optimizer
