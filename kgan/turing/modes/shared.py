"""One judge for all candidates of a generation."""

import collections

import numpy as np

from kgan.turing.judges.classifier import fit_judge, genuineness
from kgan.turing.modes.base import Mode, balanced_accuracy


class Shared(Mode):
    """A judge is fitted each generation on the trials of all candidates.

    It learns from half of the trials, and from those of the last `memory` generations,
    against as many genuine ones. A candidate's fitness is the mean probability of being
    genuine that the judge gives to the other half.
    """

    def __init__(self, game, learning):
        super().__init__(game, learning)
        self.past = collections.deque(maxlen=learning.memory)

    def play(self, thetas, generation):
        drawn = self.game.fakes(thetas, self.trials, generation)
        failures = [each for each in drawn if isinstance(each, str)]
        half = self.trials // 2
        alive = [i for i, each in enumerate(drawn) if not isinstance(each, str)]
        fitness = np.full(len(thetas), np.nan)
        if not alive:
            return fitness, np.nan, failures
        seen = np.concatenate([drawn[i][:half] for i in alive])
        fake = np.concatenate([seen, *self.past])
        self.past.append(seen)
        real = self.game.real(len(fake) + len(seen), ("real", generation))
        rng = self.game.rng("judge", generation)
        judge = fit_judge(self.learning.judge, real[: len(fake)], fake, rng)
        judged = np.concatenate([drawn[i][half:] for i in alive])
        scores = genuineness(judge, judged)
        fitness[alive] = scores.reshape(len(alive), -1).mean(1)
        held_out = genuineness(judge, real[len(fake) :])
        return fitness, balanced_accuracy(held_out, scores), failures

    def state(self):
        return {f"past_{i}": trials for i, trials in enumerate(self.past)}

    def restore(self, state):
        self.past.extend(state[f"past_{i}"] for i in range(len(state)))
