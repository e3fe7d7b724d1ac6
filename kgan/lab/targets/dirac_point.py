import math

import numpy as np

from kgan.lab import dirac


class DiracPoint:
    """The one real sample of the Dirac-GAN, 0."""

    sample_shape = (1,)
    meanings = {
        "theta": "the generator's weight; 0 at the equilibrium",
        "psi": "the discriminator's weight; 0 at the equilibrium",
        "distance": "of both from the equilibrium; the start's is 1.414",
    }

    def sample(self, num_samples, seed=0):
        """Returns zeros, float32 `[num_samples, 1]`."""
        return np.zeros((num_samples, 1), np.float32)

    def scores(self, samples, held_out, gan):
        """Returns θ, ψ and their distance from the equilibrium."""
        theta, psi = dirac.state(gan)
        return {"theta": theta, "psi": psi, "distance": math.hypot(theta, psi)}
