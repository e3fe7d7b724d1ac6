"""A judge of its own for every candidate."""

import numpy as np

from kgan.turing.judges.classifier import fit_judge, genuineness
from kgan.turing.modes.base import Mode, balanced_accuracy


class C2ST(Mode):
    """Classifier two-sample test: a fresh judge is fitted against each candidate.

    A candidate's fitness is 1 less the balanced accuracy of its judge on trials that
    were held out of the fit, half of all: 0.5 if it cannot be told from the data.

    Reference:

    - [Lopez-Paz and Oquab, 2017](https://arxiv.org/abs/1610.06545)
    """

    # Where samples of a far candidate and real ones never mix, judges tell all far ones
    # alike; and the accuracy of 100 trials held out is right to 3 %.
    trials, bundle = 200, 5

    def play(self, thetas, generation):
        drawn = self.game.fakes(thetas, self.trials, generation)
        tasks = [(fake, generation, i) for i, fake in enumerate(drawn)]
        results = self.game.map(self._test, tasks)
        failures = [each for each in results if isinstance(each, str)]
        accuracy = [np.nan if isinstance(each, str) else each for each in results]
        mean = np.nan if len(failures) == len(results) else np.nanmean(accuracy)
        return 1 - np.array(accuracy), mean, failures

    def _test(self, fake, generation, index):
        """Returns the held-out accuracy, or the candidate's failure."""
        if isinstance(fake, str):
            return fake
        # All candidates of a generation meet the same real trials: a fair comparison.
        real = self.game.real(self.trials, ("real", generation))
        half, rng = self.trials // 2, self.game.rng("judge", generation, index)
        judge = fit_judge(self.learning.judge, real[:half], fake[:half], rng)
        held_out = genuineness(judge, real[half:]), genuineness(judge, fake[half:])
        return balanced_accuracy(*held_out)
