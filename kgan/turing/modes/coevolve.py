"""Candidates and judges evolve against each other."""

import collections

import numpy as np

from kgan.turing.checkpoint import repeat
from kgan.turing.judges.evolved_judge import EvolvedJudge
from kgan.turing.modes.base import Mode, balanced_accuracy


class Coevolve(Mode):
    """Two populations: every candidate meets every judge, in each generation.

    A candidate's fitness is the share of judges that hold its trials genuine; a judge's
    is the mean of its sensitivity and specificity.

    Settings: with a `hall_of_fame` of n, the fittest candidate and the fittest judge of
    each of the last n generations are kept, and half of them, drawn at random, are
    further opponents. With a `virulence` v below 1, the skill x of a judge relative to
    the best one's becomes 2x/v - x²/v², which is highest at x = v.

    Reference:

    - [Li et al., 2016](https://arxiv.org/abs/1603.04904)
    - [Groß et al., 2017](https://papers.nips.cc/paper/7014), interrogation
    - [Cartlidge and Bullock, 2004](https://doi.org/10.1162/106365604773955150),
      virulence
    """

    optimizer, population, trials, bundle = "mu+lambda", 100, 1, 20

    def __init__(self, game, learning):
        super().__init__(game, learning)
        self.judge = learning.judge
        shape = (self.judge.n_params(game.shape[-1]), 1)
        self.search = learning.make_search(np.tile([-np.inf, np.inf], shape), "judges")
        self.told, self.best = np.array([]), None
        size = learning.hall_of_fame
        self.fame = {
            name: collections.deque(maxlen=size) for name in ("candidates", "judges")
        }

    def play(self, thetas, generation):
        judges = np.asarray(self.search.ask())
        every_judge = self._with_famous(judges, "judges", generation)
        every_theta = self._with_famous(thetas, "candidates", generation)
        real, drawn = self._trials(every_theta, every_judge, generation)
        alive = [not isinstance(each, str) for each in drawn]
        fakes = [each for each in drawn if not isinstance(each, str)]
        fitness = np.full(len(every_theta), np.nan)
        if fakes:
            # Where each judge has trials of its own, the first axis counts judges.
            fake = self.judge.score(every_judge, np.concatenate(fakes, axis=-3))
            fooled = (fake >= 0.5).reshape(len(every_judge), len(fakes), -1)
            fitness[alive] = fooled.mean((0, 2))
            skill = balanced_accuracy(self.judge.score(every_judge, real), fake)
        else:
            skill = np.full(len(every_judge), 0.5)
        fitness, skill = fitness[: len(thetas)], skill[: len(judges)]
        self._tell(judges, skill)
        if fakes:
            self.fame["candidates"].append(
                thetas[np.nan_to_num(fitness, nan=-1).argmax()]
            )
            self.fame["judges"].append(self.best)
        failures = [each for each in drawn if isinstance(each, str)]
        return fitness, skill.mean(), failures

    def final_judge(self, theta):
        return EvolvedJudge(self.judge, self.best)

    def state(self):
        fame = {name: np.array(famous) for name, famous in self.fame.items()}
        return {"judges_told": self.told, "best_judge": self.best, **fame}

    def restore(self, state):
        self.told, self.best = state["judges_told"], state["best_judge"]
        repeat(self.search, self.told)
        for name, famous in self.fame.items():
            famous.extend(state[name])

    def _tell(self, judges, skill):
        self.best = judges[skill.argmax()]
        relative = skill / max(skill.max(), 1e-12) / self.learning.virulence
        costs = relative**2 - 2 * relative
        self.search.tell(judges, costs)
        self.told = np.append(self.told, costs)

    def _with_famous(self, players, name, generation):
        """Returns the players and half of those of the hall of fame."""
        famous = np.array(self.fame[name])
        rng = self.game.rng(f"famous {name}", generation)
        drawn = rng.permutation(len(famous))[: (len(famous) + 1) // 2]
        return np.concatenate([players, famous[drawn]]) if len(drawn) else players

    def _trials(self, thetas, judges, generation):
        """Returns real trials, and the trials or the failure of each candidate."""
        n, key = self.trials, ("real", generation)
        if self.learning.interrogator != "judge":
            real = self.game.real(len(thetas) * n, key)
            return real, self.game.fakes(thetas, n, generation)

        def query(n):
            return self.judge.query(judges, n)

        def grouped(trials):
            if isinstance(trials, str):
                return trials
            return trials.reshape(len(judges), -1, *trials.shape[1:])

        count = len(judges) * n
        real = self.game.real(len(thetas) * count, key, query(len(thetas) * n))
        drawn = self.game.fakes(thetas, count, generation, lambda: query(n))
        return grouped(real), [grouped(each) for each in drawn]
