from .errors import ExportError as ExportError
from .exporter import export as export
from .report import ExportReport as ExportReport
from .runtime.sampler import Sampler as Sampler
