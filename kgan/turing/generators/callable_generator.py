"""Functions as generators."""

import numpy as np


class CallableGenerator:
    """A function with a parameter vector.

    Args:
        function: `function(theta, n, rng)`, which returns samples `[n, features]`,
            `[n]` for a single feature, or `[n, time, features]`. One that can be
            queried takes `query=None` as well; see `kgan.turing`.
        bounds: `[n_params, 2]`, lowest and highest values; may be infinite.
        many: `many(thetas, n, rngs)`, which draws for many candidates at once, as
            `sample_many` in `kgan.turing`. Default: they are sampled one by one.

    Example:

    >>> normal = CallableGenerator(
    ...     lambda theta, n, rng: rng.normal(*theta, n), bounds=[(-5, 5), (0.05, 3)]
    ... )
    """

    def __init__(self, function, bounds, many=None):
        self.function = function
        if many is not None:
            self.sample_many = many
        self.bounds = np.asarray(bounds, float)
        self.n_params = len(self.bounds)

    def sample(self, theta, n, rng, query=None):
        """Returns `n` samples."""
        options = {} if query is None else {"query": query}
        samples = np.asarray(self.function(theta, n, rng, **options), float)
        return samples[:, None] if samples.ndim == 1 else samples
