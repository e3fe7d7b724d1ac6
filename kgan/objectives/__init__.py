"""Losses of the discriminator's auxiliary heads: one class a file."""

import sys

from kgan._core.registry import resolve
from kgan.objectives.base import Objective as Objective
from kgan.objectives.classification import Classification as Classification
from kgan.objectives.discriminative_classification import (
    DiscriminativeClassification as DiscriminativeClassification,
)
from kgan.objectives.mutual_information import MutualInformation as MutualInformation
from kgan.objectives.semi_supervised import SemiSupervised as SemiSupervised
from kgan.objectives.twin_classification import (
    TwinClassification as TwinClassification,
)


def get(identifier):
    """Returns an objective from an instance or a name such as `"classification"`."""
    return resolve(identifier, sys.modules[__name__], Objective, "objectives")
