"""Trained models: `keras.Model` subclasses, each a page of players and moves."""

import sys

from kgan._core.registry import classes
from kgan.models.base import GenerativeModel as GenerativeModel
from kgan.models.bigan import BiGAN as BiGAN
from kgan.models.cogan import CoGAN as CoGAN
from kgan.models.gan import GAN as GAN
from kgan.models.player import Player as Player
from kgan.models.progressive import ProgressiveGAN as ProgressiveGAN
from kgan.models.vae import VAE as VAE


def by_settings_name():
    """Returns a dict from the names in the setting `model` to the classes."""
    found = classes(sys.modules[__name__], GenerativeModel).values()
    return {model.settings_name: model for model in found}
