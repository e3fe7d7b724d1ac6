"""Optimizers for games that Keras lacks."""

from kgan.optimizers.optimistic_adam import OptimisticAdam as OptimisticAdam
