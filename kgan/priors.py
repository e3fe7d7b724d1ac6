"""Distributions of the latent code."""

import sys

import keras
import tensorflow as tf

from kgan import latents
from kgan.registry import resolve, snake_case


class Prior:
    """Base class of the distributions that codes are drawn from.

    A subclass has `sample`, which draws inside the train step. Codes for `generate` and
    for exported models come from `latents`, whose numbers other languages can repeat.
    """

    @property
    def name(self):
        return snake_case(type(self).__name__)

    def sample(self, shape, random):
        """Draws codes.

        Args:
            shape: `[N, latent_dim]`.
            random: A `kgan.random.Stream`.

        Returns:
            A float32 tensor.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `sample`.")

    def latents(self, num_samples, latent_dim, seed, start=0):
        """Returns codes `start` to `start + num_samples` of a seed: float32 NumPy.

        Code i depends on the seed and on i alone; see the page "Latents" of the docs.
        """
        return latents.latents(self.name, num_samples, latent_dim, seed, start)

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@keras.saving.register_keras_serializable(package="kgan")
class Normal(Prior):
    """Standard normal distribution N(0, 1) of each coordinate."""

    def sample(self, shape, random):
        return random.normal(shape)


@keras.saving.register_keras_serializable(package="kgan")
class Uniform(Prior):
    """Uniform distribution over [-1, 1) of each coordinate."""

    def sample(self, shape, random):
        return random.uniform(shape, -1.0, 1.0)


@keras.saving.register_keras_serializable(package="kgan")
class TruncatedNormal(Prior):
    """Standard normal distribution with coordinates beyond ±2 redrawn.

    Reference:

    - [Brock et al., 2019](https://arxiv.org/abs/1809.11096)
    """

    def sample(self, shape, random):
        return random.draw(tf.random.stateless_truncated_normal, shape)


@keras.saving.register_keras_serializable(package="kgan")
class Sphere(Prior):
    """Uniform distribution over the sphere of radius √latent_dim.

    The radius gives each coordinate unit variance, as in a normal prior.

    Reference:

    - [White, 2016](https://arxiv.org/abs/1609.04468)
    """

    def sample(self, shape, random):
        return tf.nn.l2_normalize(random.normal(shape), axis=-1) * shape[-1] ** 0.5


def get(identifier):
    """Returns a prior from an instance or a name such as `"normal"`."""
    return resolve(identifier, sys.modules[__name__], Prior, "prior")
