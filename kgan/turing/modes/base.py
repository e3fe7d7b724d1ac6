"""What the rules of the game have in common."""

import numpy as np

from kgan.turing.judges.classifier import fit_judge


class Mode:
    """Judges the candidates of one generation after the other.

    Args:
        game: The `Game`.
        learning: The `TuringLearning`, for its judge and settings.
    """

    #: Defaults of the settings of these names.
    optimizer, population, trials, bundle = "cma", 24, 40, 20

    def __init__(self, game, learning):
        self.game, self.learning = game, learning
        self.trials = min(learning.trials or self.trials, game.available)

    def play(self, thetas, generation):
        """Judges candidates.

        Args:
            thetas: Array `[population, n_params]`.
            generation: A Python integer, from which all randomness derives.

        Returns:
            Fitness `[population]` in [0, 1], NaN where a candidate failed; the
            judges' balanced accuracy; the list of the failures' reasons.
        """
        raise NotImplementedError

    def final_judge(self, theta):
        """Returns a judge against the answer, or `None` if that gives no samples."""
        fake = self.game.fake(theta, self.trials, ("final fake",))
        if isinstance(fake, str):
            return None
        real = self.game.real(self.trials, ("final real",))
        return fit_judge(self.learning.judge, real, fake, self.game.rng("final judge"))

    def state(self):
        """Returns what later generations depend on, as a dict of arrays."""
        return {}

    def restore(self, state):
        """Continues from `state`."""


def balanced_accuracy(real, fake):
    """Returns the mean share of scores `[…, n]` on the right side of one half."""
    right = [np.mean(real >= 0.5, -1), np.mean(fake < 0.5, -1)]
    return (right[0] + right[1]) / 2
