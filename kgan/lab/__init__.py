"""The laboratory: games that are small enough to be understood.

Each experiment is a TOML file in `experiments`: a target whose density is known, and
what differs from `defaults.toml` here and in `kgan/presets`.
"""

from kgan.lab import dirac as dirac
from kgan.lab.experiment import Experiment as Experiment
from kgan.lab.library import experiment as experiment
from kgan.lab.library import names as names
from kgan.lab.library import settings as settings
