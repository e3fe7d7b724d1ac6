"""Distributions of the latent code: one class a file."""

import sys

from kgan._core.registry import resolve
from kgan.priors.base import Prior as Prior
from kgan.priors.normal import Normal as Normal
from kgan.priors.sphere import Sphere as Sphere
from kgan.priors.truncated_normal import TruncatedNormal as TruncatedNormal
from kgan.priors.uniform import Uniform as Uniform


def get(identifier):
    """Returns a prior from an instance or a name such as `"normal"`."""
    return resolve(identifier, sys.modules[__name__], Prior, "prior")
