"""Penalties that keep the players well-behaved: one class a file."""

import sys

from kgan._core.registry import resolve
from kgan.penalties.base import Penalty as Penalty
from kgan.penalties.consistency import Consistency as Consistency
from kgan.penalties.dragan import DRAGAN as DRAGAN
from kgan.penalties.drift import Drift as Drift
from kgan.penalties.gradient_penalty import GradientPenalty as GradientPenalty
from kgan.penalties.latent_consistency import LatentConsistency as LatentConsistency
from kgan.penalties.latent_diversity import LatentDiversity as LatentDiversity
from kgan.penalties.lecam import LeCam as LeCam
from kgan.penalties.orthogonal import Orthogonal as Orthogonal
from kgan.penalties.path_length import PathLength as PathLength
from kgan.penalties.r1 import R1 as R1
from kgan.penalties.r2 import R2 as R2
from kgan.penalties.zero_centered import ZeroCentered as ZeroCentered


def get(identifier):
    """Returns a penalty from an instance or a name such as `"r1"`."""
    return resolve(identifier, sys.modules[__name__], Penalty, "penalties")
