"""Data sets: read, checked, and served in batches as float32 in [-1, 1]."""

from kgan.data.arrays import from_arrays as from_arrays
from kgan.data.loading import load as load
from kgan.data.loading import read as read
from kgan.data.pipeline import batches as batches
from kgan.data.pipeline import without_autotune as without_autotune
from kgan.data.samples import Samples as Samples
