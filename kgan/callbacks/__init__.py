"""Callbacks for `fit`, which count the steps of the model. See `docs/callbacks.md`."""

from kgan._core.images import image_grid as image_grid
from kgan.callbacks.checkpoint import Checkpoint as Checkpoint
from kgan.callbacks.checkpoint import latest_checkpoint as latest_checkpoint
from kgan.callbacks.curves import Curves as Curves
from kgan.callbacks.curves import draw_curves as draw_curves
from kgan.callbacks.curves import read_metrics as read_metrics
from kgan.callbacks.diagnose import Diagnose as Diagnose
from kgan.callbacks.evaluate import Evaluate as Evaluate
from kgan.callbacks.guard import Guard as Guard
from kgan.callbacks.rolled_back import RolledBack as RolledBack
from kgan.callbacks.sample_grid import SampleGrid as SampleGrid
from kgan.callbacks.step_callback import StepCallback as StepCallback
from kgan.callbacks.stop_on_interrupt import StopOnInterrupt as StopOnInterrupt
from kgan.callbacks.throughput import Throughput as Throughput
