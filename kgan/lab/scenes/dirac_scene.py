import numpy as np
import tensorflow as tf

from kgan.lab import dirac
from kgan.lab.library import build
from kgan.lab.scenes.style import DISCRIMINATOR, FAKE, REAL, dress

ARROWS = 15


class DiracScene:
    """The way of (θ, ψ), over the steps that the game makes from everywhere.

    Args:
        experiment: A `kgan.lab.Experiment` of the Dirac-GAN.
    """

    size = (5.6, 5.4)
    every_step = True

    def __init__(self, experiment):
        self.experiment = experiment
        self._drawn = None

    def capture(self):
        """Returns θ and ψ."""
        return {"state": np.array(dirac.state(self.experiment.gan))}

    def draw(self, figure, frames, index):
        way = np.array([frame["state"] for frame in frames])
        reach = 1.15 * max(1.2, float(np.abs(way[np.isfinite(way)]).max()))
        if self._drawn is None or self._drawn[0] != reach:
            self._drawn = reach, *self.field(reach)
        _, points, moves = self._drawn
        axes = figure.subplots()
        name = self.experiment.settings["experiment"]
        distance = np.hypot(*way[index])
        dress(
            axes,
            f"{name}: step {frames[index]['step']:,}, "
            f"{distance:.2g} from the equilibrium",
        )
        axes.axhline(0, color=REAL, lw=0.6)
        axes.axvline(0, color=REAL, lw=0.6)
        length = np.linalg.norm(moves, axis=1, keepdims=True)
        arrows = moves / np.maximum(length, 1e-12) * np.sqrt(length / length.max())
        axes.quiver(*points.T, *arrows.T, color=REAL, scale=ARROWS + 5, width=0.004)
        axes.plot(*way[: index + 1].T, color=DISCRIMINATOR, lw=1.4)
        axes.plot(*way[0], "o", color=DISCRIMINATOR, ms=5, mfc="white")
        axes.plot(*way[index], "o", color=FAKE, ms=8)
        axes.plot(0, 0, "k+", ms=12, mew=2)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
        axes.set(xlabel="θ, the generator", ylabel="ψ, the discriminator")
        axes.set_aspect("equal")

    def field(self, reach):
        """Returns points `[N, 2]` and the move of one step of the game from each.

        It is the game's own step, with its losses, penalties and order of updates.
        """
        gan = build(self.experiment.settings).gan
        count = self.experiment.settings["batch_size"] * gan.discriminator_steps.most
        real = tf.zeros([count, 1])
        step = tf.function(lambda: gan.train_step(real))
        optimizers = (gan.generator_optimizer, gan.discriminator_optimizer)
        states = [(v, v.numpy()) for o in optimizers for v in o.variables]
        axis = 0.93 * np.linspace(-reach, reach, ARROWS)
        points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        ends = []
        for point in points:
            for variable, value in states:
                variable.assign(value)
            dirac.set_state(gan, *point)
            step()
            ends.append(dirac.state(gan))
        return points, np.array(ends) - points
