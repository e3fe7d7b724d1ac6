"""Rules of the game: how candidates and judges get their fitness."""

from kgan.turing.modes.c2st import C2ST as C2ST
from kgan.turing.modes.coevolve import Coevolve as Coevolve
from kgan.turing.modes.shared import Shared as Shared

MODES = {"coevolve": Coevolve, "shared": Shared, "c2st": C2ST}
