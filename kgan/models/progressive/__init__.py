"""The game whose players grow."""

from kgan.models.progressive.progressive_gan import ProgressiveGAN as ProgressiveGAN
