"""scikit-learn's density models as generators."""

import copy

import numpy as np
from sklearn.utils.validation import check_is_fitted

from kgan._core.errors import invalid


class DensityGenerator:
    """A fitted density model of scikit-learn, some of whose attributes are unknown.

    Args:
        model: A fitted model with `sample`, such as `GaussianMixture` or
            `KernelDensity`; what is not varied stays as it was fitted.
        vary: A dict from fitted attributes to their `(low, high)`: numbers, or arrays
            of the attribute's shape. Their values, one after the other, are the
            parameters.

    Example:

    >>> mixture = GaussianMixture(2, covariance_type="diag").fit(first_guess)
    >>> generator = DensityGenerator(
    ...     mixture, {"means_": (-5, 5), "covariances_": (0.01, 4)}
    ... )
    """

    def __init__(self, model, vary):
        check_is_fitted(model)
        missing = [name for name in vary if not hasattr(model, name)]
        if missing or not vary:
            raise invalid(
                "`vary` must name fitted attributes of the model.",
                {"vary": list(vary), "model": model},
                "Name such as `means_` or `bandwidth_`.",
            )
        self.model, self.vary = model, vary
        self._shapes = {name: np.shape(getattr(model, name)) for name in vary}
        bounds = [
            np.stack(
                [np.broadcast_to(end, shape).ravel() for end in vary[name]], axis=1
            )
            for name, shape in self._shapes.items()
        ]
        self.bounds = np.concatenate(bounds).astype(float)
        self.n_params = len(self.bounds)

    def sample(self, theta, n, rng, query=None):
        """Returns `n` samples `[n, features]`."""
        model, done = copy.copy(self.model), 0
        for name, shape in self._shapes.items():
            size = int(np.prod(shape))
            values = np.reshape(theta[done : done + size], shape)
            setattr(model, name, values if shape else values.item())
            done += size
        seed = int(rng.integers(2**31))
        if "random_state" in model.get_params():
            # Mixtures sort their samples by component.
            return rng.permutation(model.set_params(random_state=seed).sample(n)[0])
        return model.sample(n, random_state=seed)
