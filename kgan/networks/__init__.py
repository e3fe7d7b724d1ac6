"""Architectures: each module has `generator` and `discriminator` functions."""

from kgan.networks import dcgan as dcgan
from kgan.networks import mlp as mlp
