from kgan import data
from kgan.diagnostics import optimal_discriminator
from kgan.lab.targets.energy_distance import energy_distance


class SwissRoll:
    """The swiss roll of `kgan.data`.

    Args:
        noise: As in `kgan.data.swiss_roll`.
    """

    sample_shape = (2,)
    meanings = {
        "energy_distance": "from real points; 0 up to noise: the same distribution",
        "two_sample_accuracy": "of a fresh discriminator on held-out points; 0.5: none "
        "can tell samples from real points",
    }

    def __init__(self, noise=0.25):
        self.noise = noise

    def sample(self, num_samples, seed=0):
        """Draws points, float32 `[num_samples, 2]`."""
        return data.swiss_roll(num_samples, self.noise, seed)

    def scores(self, samples, held_out, gan=None):
        """Returns the energy distance and how well samples can be told from points."""
        return {
            "energy_distance": energy_distance(samples, held_out),
            "two_sample_accuracy": optimal_discriminator(held_out, samples).accuracy,
        }
