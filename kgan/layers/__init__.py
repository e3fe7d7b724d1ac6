"""Layers that Keras lacks."""

from kgan.layers.spectral import SpectralConv2D as SpectralConv2D
from kgan.layers.spectral import SpectralDense as SpectralDense
