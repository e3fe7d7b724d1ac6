import numpy as np

from kgan.lab.scenes.capture import capture
from kgan.lab.scenes.style import ARROW, DISCRIMINATOR, FAKE, REAL, dress

POINTS = 2000


class LineScene:
    """Densities on the line; the discriminator, and the best one for these samples.

    Args:
        experiment: A `kgan.lab.Experiment` of a Gaussian on the line.
    """

    size = (7.0, 4.6)
    every_step = False

    def __init__(self, experiment):
        self.experiment = experiment
        target = experiment.target
        self.real = target.sample(POINTS, 1)
        low = min(-3.0, target.mean - 5 * target.sigma)
        high = max(3.0, target.mean + 5 * target.sigma)
        self.x = np.linspace(low, high, 300, dtype=np.float32)[:, None]

    def capture(self):
        """Returns samples, and logits and the force on a sample along the line."""
        return capture(self.experiment.gan, self.x, self.real)

    def draw(self, figure, frames, index):
        frame = frames[index]
        name = self.experiment.settings["experiment"]
        x = self.x[:, 0]
        top, bottom = figure.subplots(2, 1, sharex=True)
        real = self.experiment.target.distribution
        now = _gaussian(frame["samples"])
        p, q = real.density(self.x), now.density(self.x)
        dress(top, f"{name}: step {frame['step']:,}")
        top.fill_between(x, p, color=REAL, alpha=0.5, lw=0, label="real density")
        bins = np.linspace(x[0], x[-1], 90)
        options = {"density": True, "color": FAKE, "alpha": 0.45}
        inside = np.clip(frame["samples"][:, 0], x[0], x[-1])
        top.hist(inside, bins, label="samples", **options)
        top.plot(x, q, color=FAKE, lw=1.5, label="Gaussian of their moments")
        top.set(ylim=(0, 1.35 * p.max()), xlim=(x[0], x[-1]))
        top.legend(loc="upper right", fontsize=8, frameon=False)
        dress(bottom, "D(x): what the discriminator thinks is real")
        bottom.axhline(0.5, color=REAL, lw=1)
        bottom.plot(x, p / (p + q + 1e-300), "--", color="black", lw=1.2, label="best")
        d = np.exp(-np.logaddexp(0.0, -frame["logits"].astype(np.float64)))
        bottom.plot(x, d, color=DISCRIMINATOR, lw=2, label="of the game")
        self._arrows(bottom, frames, frame)
        bottom.set(ylim=(-0.25, 1.3), xlabel="x; arrows: where samples are pulled")
        bottom.set_yticks([0, 0.5, 1])
        bottom.legend(loc="upper right", fontsize=8, frameon=False, ncols=2)

    def _arrows(self, axes, frames, frame):
        thin = slice(6, None, 12)
        typical = np.median([np.abs(f["pull"]).max() for f in frames])
        pull = np.tanh(frame["pull"][thin, 0] / max(typical, 1e-6))
        x = self.x[thin, 0]
        axes.quiver(x, x * 0 - 0.13, pull, pull * 0, scale=22, width=0.004, color=ARROW)


def _gaussian(samples):
    from kgan.data import gaussian_pair

    return gaussian_pair(samples.mean(), max(samples.std(), 1e-3))[1]
