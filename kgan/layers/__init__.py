"""Layers that Keras lacks."""

from kgan.layers.clip_weights import ClipWeights as ClipWeights
from kgan.layers.spectral import SpectralConv2D as SpectralConv2D
from kgan.layers.spectral import SpectralDense as SpectralDense
