"""Architectures: each module has `generator` and `discriminator` functions.

`bigan` has `encoder` and `discriminator`, for the generator of another family.
"""

from kgan.networks import bigan as bigan
from kgan.networks import cogan as cogan
from kgan.networks import dcgan as dcgan
from kgan.networks import mlp as mlp
from kgan.networks import progressive as progressive
