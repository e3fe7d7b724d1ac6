"""Data sets: read, checked, and served in batches as float32 in [-1, 1]."""

from kgan.data.arrays import from_arrays as from_arrays
from kgan.data.input_clock import InputClock as InputClock
from kgan.data.loading import load as load
from kgan.data.loading import read as read
from kgan.data.pipeline import batches as batches
from kgan.data.pipeline import without_autotune as without_autotune
from kgan.data.samples import Samples as Samples
from kgan.data.synthetic import GaussianMixture as GaussianMixture
from kgan.data.synthetic import gaussian_pair as gaussian_pair
from kgan.data.synthetic import grid as grid
from kgan.data.synthetic import ring as ring
from kgan.data.synthetic import swiss_roll as swiss_roll
