"""Adversarial losses: one class a file, each the equation of its paper."""

import sys

from kgan._core.registry import resolve
from kgan.losses.base import AdversarialLoss as AdversarialLoss
from kgan.losses.boundary_seeking import BoundarySeeking as BoundarySeeking
from kgan.losses.f_divergence import FDivergence as FDivergence
from kgan.losses.hinge import Hinge as Hinge
from kgan.losses.label_flipping import LabelFlipping as LabelFlipping
from kgan.losses.label_smoothing import LabelSmoothing as LabelSmoothing
from kgan.losses.least_squares import LeastSquares as LeastSquares
from kgan.losses.minimax import Minimax as Minimax
from kgan.losses.non_saturating import NonSaturating as NonSaturating
from kgan.losses.relativistic_average import RelativisticAverage as RelativisticAverage
from kgan.losses.relativistic_pairing import RelativisticPairing as RelativisticPairing
from kgan.losses.wasserstein import Wasserstein as Wasserstein


def get(identifier):
    """Returns a loss from an instance or a name such as `"non_saturating"`."""
    return resolve(identifier, sys.modules[__name__], AdversarialLoss, "loss")
