"""Layers that Keras lacks."""

from kgan.layers.clip_weights import ClipWeights as ClipWeights
from kgan.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization as ConditionalBatchNormalization,
)
from kgan.layers.equalized import EqualizedConv2D as EqualizedConv2D
from kgan.layers.equalized import EqualizedDense as EqualizedDense
from kgan.layers.maxout import Maxout as Maxout
from kgan.layers.minibatch_deviation import MinibatchDeviation as MinibatchDeviation
from kgan.layers.pixel_normalization import PixelNormalization as PixelNormalization
from kgan.layers.spectral import SpectralConv2D as SpectralConv2D
from kgan.layers.spectral import SpectralDense as SpectralDense
