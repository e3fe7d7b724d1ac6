"""Judges beside scikit-learn's classifiers."""

from kgan.turing.judges.elman import Elman as Elman
from kgan.turing.judges.evolved import EvolvedJudge as EvolvedJudge
