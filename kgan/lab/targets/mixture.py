from kgan import data
from kgan.diagnostics import mode_coverage
from kgan.lab.targets.energy_distance import energy_distance


class Mixture:
    """Equal Gaussians in the plane.

    Args:
        distribution: A `kgan.data.GaussianMixture`.
    """

    sample_shape = (2,)
    meanings = {
        "modes": "modes that occur among the samples",
        "num_modes": "modes that there are",
        "quality": "share of samples within 3 sigma of a mode; 0.989 of real points",
        "reverse_kl": "how unevenly they spread over the modes, in nats; 0: evenly",
        "energy_distance": "from real points; 0 up to noise: the same distribution",
    }

    def __init__(self, distribution):
        self.distribution = distribution
        self.sample = distribution.sample

    def scores(self, samples, held_out, gan=None):
        """Returns modes, quality, reverse KL and energy distance of samples."""
        coverage = mode_coverage(
            samples, self.distribution.centres, self.distribution.sigma
        )
        return {
            "modes": coverage.modes,
            "num_modes": coverage.num_modes,
            "quality": coverage.quality,
            "reverse_kl": coverage.reverse_kl,
            "energy_distance": energy_distance(samples, held_out),
        }


def ring(**options):
    """Returns the target `kgan.data.ring`, with its arguments."""
    return Mixture(data.ring(**options))


def grid(**options):
    """Returns the target `kgan.data.grid`, with its arguments."""
    return Mixture(data.grid(**options))
