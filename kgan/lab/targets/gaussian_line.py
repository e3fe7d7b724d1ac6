import numpy as np
from scipy.integrate import quad

from kgan import data
from kgan.diagnostics import jensen_shannon, value_function


class GaussianLine:
    """The second Gaussian of `kgan.data.gaussian_pair`, on the line.

    The codes are the first one. A linear generator makes a Gaussian of them, so that
    the divergence and the optimal discriminator are known at every step.

    Args:
        mean: Mean of the Gaussian.
        sigma: Its standard deviation.
    """

    sample_shape = (1,)
    meanings = {
        "mean_error": "distance of the samples' mean from the target's",
        "std_error": "distance of their standard deviations",
        "value": "V of the game's own discriminator; -1.386 at the equilibrium",
        "jensen_shannon": "by a fresh discriminator, in nats; 0 up to noise: the same",
        "jensen_shannon_theory": "of Gaussians with these means and deviations",
    }

    def __init__(self, mean=3.0, sigma=0.5):
        self.distribution = data.gaussian_pair(mean, sigma)[1]
        self.mean, self.sigma = mean, sigma
        self.sample = self.distribution.sample

    def scores(self, samples, held_out, gan):
        """Returns errors of the moments, the value, and the divergence twice."""
        mean, sigma = float(samples.mean()), max(float(samples.std()), 1e-6)
        real, fake = (_packs(x, gan.pack) for x in (held_out, samples))
        return {
            "mean_error": abs(mean - self.mean),
            "std_error": abs(sigma - self.sigma),
            "value": value_function(gan.discriminator, real, fake),
            "jensen_shannon": jensen_shannon(held_out, samples),
            "jensen_shannon_theory": self.divergence_from(mean, sigma),
        }

    def divergence_from(self, mean, sigma):
        """Returns the Jensen–Shannon divergence from N(mean, sigma²), by quadrature."""
        reach = 8 * max(sigma, self.sigma)
        other = data.gaussian_pair(mean, sigma)[1]

        def integrand(x):
            p, q = (d.density([[x]])[0] for d in (self.distribution, other))
            middle = (p + q) / 2
            return sum(d * np.log(d / middle) for d in (p, q) if d > 0) / 2

        means = sorted([self.mean, mean])
        low, high = means[0] - reach, means[1] + reach
        return quad(integrand, low, high, points=means, limit=200)[0]


def _packs(x, pack):
    return x[: len(x) // pack * pack].reshape(-1, pack)
