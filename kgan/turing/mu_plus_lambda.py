"""The evolution strategy of Turing Learning."""

import numpy as np

from kgan._core.errors import invalid


class MuPlusLambda:
    """(μ + λ) evolution strategy with self-adapting step sizes.

    The population is the μ best of the last generation and λ children of theirs; all of
    it is judged anew each time, since opponents change. A child has two parents, drawn
    with replacement: each coordinate is one parent's, each step size is the mean of
    both. Step sizes then change by a common and by single log-normal factors of the
    learning rates τ' = 1 / (2√(2n)) and τ = 1 / (2√(2√n)), the coordinates by normal
    steps, which are drawn again while they leave the bounds.

    Args:
        bounds: Array `[n_params, 2]` of lowest and highest values; may be infinite.
        population: μ + λ, an even number; half of it is kept.
        start: Where all parents start: a number or `[n_params]`. Default: the middle
            of the bounds, or 0 where they are infinite.
        sigma: Step sizes at the start, likewise. Default: a quarter of the width of the
            bounds, or 1. A step size stays above a hundredth of its start.
        seed: A Python integer.

    Example:

    >>> search = MuPlusLambda([[-5, 5]], population=20)
    >>> for _ in range(30):
    ...     x = search.ask()
    ...     search.tell(x, costs=((x - 2) ** 2).sum(1))

    Reference:

    - [Li et al., 2016](https://arxiv.org/abs/1603.04904), section 3
    """

    def __init__(self, bounds, population=100, start=None, sigma=None, seed=0):
        if population < 2 or population % 2:
            raise invalid(
                "`population` must be an even number, at least 2.",
                {"population": population},
                "Use 100: 50 are kept and get 50 children.",
            )
        self.low, self.high = np.asarray(bounds, float).T
        finite = np.isfinite(self.low) & np.isfinite(self.high)
        width = np.where(finite, self.high - self.low, 4.0)
        if start is None:
            start = np.where(finite, self.low + width / 2, 0.0)
        sigma = width / 4 if sigma is None else sigma
        self.seed, self.generation, self.mu = seed, 0, population // 2
        shape = (self.mu, len(self.low))
        self.x = np.broadcast_to(np.clip(start, self.low, self.high), shape)
        self.sigma = np.broadcast_to(np.asarray(sigma, float), shape)
        self.floor = self.sigma[0] / 100

    def ask(self):
        """Returns the parents and their children, `[population, n_params]`."""
        rng = np.random.default_rng([self.seed, self.generation])
        n = len(self.low)
        first, second = rng.integers(self.mu, size=(2, self.mu))
        x = np.where(rng.random((self.mu, n)) < 0.5, self.x[first], self.x[second])
        sigma = (self.sigma[first] + self.sigma[second]) / 2
        common = rng.normal(0, 1 / (2 * np.sqrt(2 * n)), (self.mu, 1))
        single = rng.normal(0, 1 / (2 * np.sqrt(2 * np.sqrt(n))), (self.mu, n))
        # Wider steps than the bounds would only be drawn again and again.
        sigma = np.clip(
            sigma * np.exp(common + single), self.floor, self.high - self.low
        )
        child = rng.normal(x, sigma)
        while (out := (child < self.low) | (child > self.high)).any():
            child[out] = rng.normal(x[out], sigma[out])
        self._sigmas = np.concatenate([self.sigma, sigma])
        return np.concatenate([self.x, child])

    def tell(self, candidates, costs):
        """Keeps the half of the candidates, as `ask` returned them, of lowest costs."""
        best = np.argsort(costs, kind="stable")[: self.mu]
        self.x, self.sigma = np.asarray(candidates)[best], self._sigmas[best]
        self.generation += 1
