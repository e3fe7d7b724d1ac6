"""Generators from functions, density models, programs and networks."""

from kgan.turing.generators.callable_generator import (
    CallableGenerator as CallableGenerator,
)
from kgan.turing.generators.density_generator import (
    DensityGenerator as DensityGenerator,
)
from kgan.turing.generators.keras_generator import KerasGenerator as KerasGenerator
from kgan.turing.generators.subprocess_generator import (
    SubprocessGenerator as SubprocessGenerator,
)
