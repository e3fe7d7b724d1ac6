import numpy as np

from kgan.lab.scenes.capture import capture
from kgan.lab.scenes.style import ARROW, FAKE, LANDSCAPE, REAL, dress

POINTS = 1000
RESOLUTION = 64
LEVELS = 16  # few colours keep the animation small
ARROWS = 4  # a row of the landscape in so many has arrows


class PlaneScene:
    """Samples over real points; and the discriminator's landscape with its pull.

    Args:
        experiment: A `kgan.lab.Experiment` of points in the plane.
    """

    size = (9.2, 4.7)
    every_step = False

    def __init__(self, experiment):
        self.experiment = experiment
        self.real = experiment.target.sample(POINTS, 1)
        self.reach = 1.25 * float(np.abs(self.real).max())
        axis = np.linspace(-self.reach, self.reach, RESOLUTION, dtype=np.float32)
        self.grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)

    def capture(self):
        """Returns samples; and logits on a grid with the force on a sample at each."""
        return capture(self.experiment.gan, self.grid, self.real)

    def draw(self, figure, frames, index):
        frame = frames[index]
        name = self.experiment.settings["experiment"]
        left, right = figure.subplots(1, 2)
        self._frame(left, f"{name}: step {frame['step']:,}")
        left.scatter(*self.real.T, s=16, c=REAL, lw=0, label="real")
        left.scatter(*frame["samples"].T, s=5, c=FAKE, lw=0, alpha=0.7, label="samples")
        left.legend(
            loc="upper right", fontsize=8, markerscale=2.5, frameon=False, ncols=2
        )
        self._frame(right, "The discriminator, and where it pulls samples")
        self._landscape(figure, right, frames, frame)

    def _landscape(self, figure, axes, frames, frame):
        x, y = (self.grid[:, i].reshape(RESOLUTION, RESOLUTION) for i in (0, 1))
        limit = _scale([f["logits"] for f in frames])
        picture = axes.contourf(
            x,
            y,
            frame["logits"].reshape(RESOLUTION, RESOLUTION),
            levels=np.linspace(-limit, limit, LEVELS),
            cmap=LANDSCAPE,
            extend="both",
        )
        axes.scatter(*frame["samples"][:300].T, s=3, c="black", lw=0, alpha=0.5)
        thin = (slice(ARROWS // 2, None, ARROWS),) * 2
        pull = frame["pull"].reshape(RESOLUTION, RESOLUTION, 2)[thin]
        length = np.linalg.norm(pull, axis=-1, keepdims=True)
        # Long ones are shortened, so that the short ones can be seen.
        strength = np.tanh(length / _scale([f["pull"] for f in frames]))
        arrow = pull / np.maximum(length, 1e-12) * strength
        axes.quiver(
            x[thin],
            y[thin],
            *np.moveaxis(arrow, -1, 0),
            scale=RESOLUTION / ARROWS,
            width=0.004,
            color=ARROW,
            alpha=0.75,
        )
        bar = figure.colorbar(picture, ax=axes, shrink=0.85, ticks=[-limit, 0, limit])
        bar.ax.set_yticklabels([f"fake\n{-limit:.2g}", "0", f"real\n{limit:.2g}"])
        bar.ax.tick_params(labelsize=8, length=0)
        bar.outline.set_visible(False)

    def _frame(self, axes, title):
        dress(axes, title)
        axes.set(xlim=(-self.reach, self.reach), ylim=(-self.reach, self.reach))
        axes.set_aspect("equal")


def _scale(arrays):
    """Returns a size that most values of a typical frame are below."""
    finite = [array for array in arrays if np.isfinite(array).all()]
    largest = [np.quantile(np.abs(array), 0.95) for array in finite]
    return max(float(np.median(largest or [1.0])), 1e-6)
