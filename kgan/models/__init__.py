"""Games: `keras.Model` subclasses with a `train_step`."""

from kgan.models.bigan import BiGAN as BiGAN
from kgan.models.cogan import CoGAN as CoGAN
from kgan.models.gan import GAN as GAN
from kgan.models.progressive import ProgressiveGAN as ProgressiveGAN
