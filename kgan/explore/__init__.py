"""Tools for the codes of a trained generator: what lies between, along and behind them.

Codes are float32 arrays `[..., latent_dim]`, as `kgan_export.Sampler.latents` and
`kgan.latents.latents` draw them. `factors` and `project` look into a Keras generator;
the others need NumPy only, and serve exported generators as well.
"""

from kgan.explore.arithmetic import arithmetic as arithmetic
from kgan.explore.arithmetic import direction as direction
from kgan.explore.arithmetic import move as move
from kgan.explore.factors import factors as factors
from kgan.explore.interpolate import interpolate as interpolate
from kgan.explore.project import Projection as Projection
from kgan.explore.project import project as project
from kgan.sampling import truncate as truncate
