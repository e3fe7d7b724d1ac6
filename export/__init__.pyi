from .errors import ExportError as ExportError
from .exporter import export as export
from .report import Report as Report
from .runtime import Sampler as Sampler
