"""Generators from functions, density models, programs and networks."""

from kgan.turing.generators.callable import CallableGenerator as CallableGenerator
