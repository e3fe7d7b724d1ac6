"""Judges beside scikit-learn's classifiers."""

from kgan.turing.judges.elman import Elman as Elman
from kgan.turing.judges.evolved_judge import EvolvedJudge as EvolvedJudge
from kgan.turing.judges.keras_judge import KerasJudge as KerasJudge
