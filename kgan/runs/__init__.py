"""Runs: a preset trained on data in a folder of its own, scored, reported, resumed.

What the command line does, for Python; nothing is printed but a progress bar.
"""

from kgan.runs.diagnosis.of_run import RunDiagnosis as RunDiagnosis
from kgan.runs.generator import TrainedGenerator as TrainedGenerator
from kgan.runs.opening import open_generator as open_generator
from kgan.runs.outcome import Outcome as Outcome
from kgan.runs.run import Run as Run
from kgan.runs.run import open as open
from kgan.runs.start import quickstart as quickstart
from kgan.runs.start import resume as resume
from kgan.runs.start import train as train
