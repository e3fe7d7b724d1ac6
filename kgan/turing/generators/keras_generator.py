"""Keras networks as generators whose weights are searched."""

import numpy as np


class KerasGenerator:
    """A small Keras network with its trainable weights as parameters.

    Evolution needs no gradient of the judge, but suits some hundred weights at most;
    see `SurrogateGame` for larger networks.

    Args:
        model: A `keras.Model` from codes `[n, latent_dim]` to samples. It is not
            changed.
        limit: Weights are searched in [-limit, limit].
    """

    def __init__(self, model, limit=4.0):
        self.model, self.limit = model, limit
        self._shapes = [tuple(weight.shape) for weight in model.trainable_weights]
        self.n_params = sum(int(np.prod(shape)) for shape in self._shapes)
        self.bounds = np.tile([-limit, limit], (self.n_params, 1))

    def sample(self, theta, n, rng, query=None):
        """Returns `n` samples for standard normal codes."""
        z = rng.standard_normal((n, self.model.input_shape[-1])).astype("float32")
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])[:-1]
        parts = np.split(np.asarray(theta, "float32"), ends)
        weights = list(map(np.reshape, parts, self._shapes))
        others = [variable.value for variable in self.model.non_trainable_variables]
        return np.asarray(self.model.stateless_call(weights, others, z)[0])
