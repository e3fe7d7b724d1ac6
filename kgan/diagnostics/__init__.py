"""Diagnostics: whether a game converged, by numbers that theory predicts.

Every function takes players and arrays; none trains the game or changes its weights.
"""

from kgan.diagnostics.birthday import BirthdayTest as BirthdayTest
from kgan.diagnostics.birthday import birthday_test as birthday_test
from kgan.diagnostics.divergences import jensen_shannon as jensen_shannon
from kgan.diagnostics.divergences import total_variation as total_variation
from kgan.diagnostics.duality_gap import DualityGap as DualityGap
from kgan.diagnostics.duality_gap import duality_gap as duality_gap
from kgan.diagnostics.equilibrium_report import equilibrium_report as equilibrium_report
from kgan.diagnostics.memorization import Memorization as Memorization
from kgan.diagnostics.memorization import memorization as memorization
from kgan.diagnostics.mode_coverage import ModeCoverage as ModeCoverage
from kgan.diagnostics.mode_coverage import class_coverage as class_coverage
from kgan.diagnostics.mode_coverage import mode_coverage as mode_coverage
from kgan.diagnostics.optimal_discriminator import (
    OptimalDiscriminator as OptimalDiscriminator,
)
from kgan.diagnostics.optimal_discriminator import (
    optimal_discriminator as optimal_discriminator,
)
from kgan.diagnostics.report import EquilibriumReport as EquilibriumReport
from kgan.diagnostics.value_function import value_function as value_function
from kgan.diagnostics.verdict import Verdict as Verdict
