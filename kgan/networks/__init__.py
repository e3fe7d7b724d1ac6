"""Architectures: each module has `generator` and `discriminator` functions.

`bigan` has `encoder` and `discriminator`, for the generator of another family; `cogan`
has both for two domains; `vae` has `encoder` and `decoder`.
"""

from kgan.networks import bigan as bigan
from kgan.networks import cogan as cogan
from kgan.networks import dcgan as dcgan
from kgan.networks import mlp as mlp
from kgan.networks import progressive as progressive
from kgan.networks import vae as vae
