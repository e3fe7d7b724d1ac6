"""The game of a generator and a discriminator."""

from kgan.models.gan.gan import GAN as GAN
