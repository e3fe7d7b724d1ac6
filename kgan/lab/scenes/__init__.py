"""Moving pictures of a game: recorded while it is played, and drawn afterwards.

A scene is of one experiment. `capture()` returns what one frame needs, a dict, cheaply;
`draw(figure, frames, index)` draws one frame on a matplotlib figure, of the size `size`
in inches; `every_step` says whether all steps are to be captured.
"""

from kgan.lab.scenes.animation import animate as animate
from kgan.lab.scenes.dirac_scene import DiracScene
from kgan.lab.scenes.line_scene import LineScene
from kgan.lab.scenes.plane_scene import PlaneScene
from kgan.lab.scenes.recorder import Recorder as Recorder
from kgan.lab.targets import DiracPoint, GaussianLine


def scene_of(experiment):
    """Returns the scene that fits an experiment's target."""
    special = {DiracPoint: DiracScene, GaussianLine: LineScene}
    return special.get(type(experiment.target), PlaneScene)(experiment)
