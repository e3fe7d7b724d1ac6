"""Distributions of a sample given what a decoder computes: one class a file."""

import sys

from kgan._core.registry import resolve
from kgan.likelihoods.base import Likelihood as Likelihood
from kgan.likelihoods.bernoulli import Bernoulli as Bernoulli
from kgan.likelihoods.gaussian import Gaussian as Gaussian


def get(identifier):
    """Returns a likelihood from an instance or a name such as `"bernoulli"`."""
    return resolve(identifier, sys.modules[__name__], Likelihood, "likelihood")
