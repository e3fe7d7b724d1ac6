from .exporter import export as export
from .runtime import Sampler as Sampler
