"""Covariance matrix adaptation, by the package `cma`."""

import numpy as np


class CMAES:
    """CMA-ES of the package `cma` behind `ask` and `tell`.

    Coordinates with finite bounds are searched as fractions of their widths.

    Args:
        bounds: Array `[n_params, 2]` of lowest and highest values; may be infinite.
        population: Candidates a generation; at least 3.
        sigma: Step size at the start, as a fraction of the widths.
        seed: A Python integer.

    Reference:

    - [Hansen, 2016](https://arxiv.org/abs/1604.00772)
    """

    def __init__(self, bounds, population=12, sigma=0.25, seed=0):
        import cma

        bounds = np.asarray(bounds, float)
        self._count = len(bounds)
        if self._count == 1:  # `cma` needs two coordinates: the second one is ignored
            bounds = np.append(bounds, [[0.0, 1.0]], axis=0)
        low, high = bounds.T
        finite = np.isfinite(low) & np.isfinite(high)
        self._scale = np.where(finite, high - low, 1.0)
        self._low = np.where(finite, low, 0.0)
        rng = np.random.default_rng(seed)
        options = {
            "bounds": [
                (low - self._low) / self._scale,
                (high - self._low) / self._scale,
            ],
            "popsize": population,
            # Its own stream: `cma` would reseed all of NumPy's global one.
            "randn": lambda *shape: rng.standard_normal(shape),
            "seed": np.nan,
            "verbose": -9,
        }
        start = np.where(finite, 0.5, 0.0)
        self._search = cma.CMAEvolutionStrategy(start, sigma, options)

    def ask(self):
        """Returns candidates `[population, n_params]`."""
        self._asked = np.array(self._search.ask())
        return (self._low + self._scale * self._asked)[:, : self._count]

    def tell(self, candidates, costs):
        """Takes the costs `[population]` of the candidates that `ask` returned."""
        self._search.tell(self._asked, np.asarray(costs, float))
