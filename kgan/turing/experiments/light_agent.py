"""An agent that shows all of its behaviour only under the right light."""

import numpy as np

from kgan._core.errors import invalid


class LightAgent:
    """An agent whose speeds depend on light.

    It makes the point of the first case study of Groß et al. with rules of its own:
    it rests in the dark and moves at `speed` in the light. Once it has been lit for
    more than `patience` steps without a break, it moves at `k`, until the next dark
    step. Whoever only watches it under random light rarely sees `k`; an interrogator
    that keeps the light on does.

    Args:
        speed: Speed in the light.
        k: Speed after `patience` steps in the light.
        patience: Steps in the light before `k` shows.
        steps: Length of a trial.
        noise: Standard deviation of the observed speeds.

    Example:

    >>> agent = kgan.turing.LightAgent(speed=1.0, k=2.0)
    >>> model = kgan.turing.CallableGenerator(agent.replica, agent.bounds)
    >>> judge = kgan.turing.Elman(controls=1)
    >>> learning = kgan.turing.TuringLearning(model, judge, interrogator="judge")
    >>> learning.fit(agent, generations=2).best_params_.shape
    (2,)

    Reference:

    - [Groß et al., 2017](https://papers.nips.cc/paper/7014), the first case study
    """

    #: Unbounded, as in the original: the evolution strategy starts at 0, with σ = 1.
    bounds = ((-np.inf, np.inf), (-np.inf, np.inf))

    def __init__(self, speed=1.0, k=2.0, patience=8, steps=20, noise=0.05):
        if not 0 < patience < steps:
            raise invalid(
                "`patience` must lie between 0 and `steps`, or `k` never shows.",
                {"patience": patience, "steps": steps},
                "Use `patience=8, steps=20`.",
            )
        self.theta = speed, k
        self.patience, self.steps, self.noise = patience, steps, noise

    def sample(self, n, rng, query=None):
        """Returns trials of the agent; see `replica`."""
        return self.replica(self.theta, n, rng, query)

    def replica(self, theta, n, rng, query=None):
        """Returns trials of a model of the agent.

        Args:
            theta: `(speed, k)`.
            n: Number of trials.
            rng: A `numpy.random.Generator`.
            query: Controls the light, which is on above 0.5; see `kgan.turing`.
                Default: each step is light or dark by chance.

        Returns:
            Array `[n, steps, 2]` of speeds and lights (0 or 1). The first step is dark.
        """
        chance = rng.random((self.steps, n)) < 0.5
        noise = rng.normal(0, self.noise, (self.steps, n))
        seen = np.zeros((n, self.steps, 2))
        light, lit = np.zeros(n, bool), np.zeros(n, int)
        for t in range(self.steps):
            lit = np.where(light, lit + 1, 0)
            speed = np.where(lit > self.patience, theta[1], theta[0]) * light
            seen[:, t] = np.stack([speed + noise[t], light], axis=1)
            light = query(seen[:, t])[:, 0] > 0.5 if query else chance[t]
        return seen
