from kgan import latents
from kgan._core.registry import snake_case


class Prior:
    """Base class of the distributions that codes are drawn from.

    A subclass has `sample`, which draws inside the train step. Codes for `generate` and
    for exported models come from `latents`, whose numbers other languages can repeat.
    """

    @property
    def name(self):
        return snake_case(type(self).__name__)

    def sample(self, shape, random):
        """Draws codes.

        Args:
            shape: `[N, latent_dim]`.
            random: A `kgan.Stream`.

        Returns:
            A float32 tensor.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `sample`.")

    def latents(self, num_samples, latent_dim, seed, start=0):
        """Returns codes `start` to `start + num_samples` of a seed: float32 NumPy.

        Code i depends on the seed and on i alone; see the page "Latents" of the docs.
        """
        return latents.latents(self.name, num_samples, latent_dim, seed, start)

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
