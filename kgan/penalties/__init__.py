"""Penalties that keep the discriminator smooth: one class a file."""

import sys

from kgan.penalties.base import Penalty as Penalty
from kgan.penalties.gradient_penalty import GradientPenalty as GradientPenalty
from kgan.penalties.r1 import R1 as R1
from kgan.registry import resolve


def get(identifier):
    """Returns a penalty from an instance or a name such as `"r1"`."""
    return resolve(identifier, sys.modules[__name__], Penalty, "penalties")
