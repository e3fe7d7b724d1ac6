import tensorflow as tf

from kgan.errors import invalid
from kgan.random import Stream
from kgan.registry import snake_case


class Penalty:
    """Base class of the terms that are added to the discriminator's loss.

    A subclass implements `call`, the paper's term without its weight. The model adds
    `weight * interval * mean(penalty)` every `interval` steps (lazy regularisation,
    [Karras et al., 2020](https://arxiv.org/abs/1912.04958)).

    Args:
        weight: Factor of the term, 0 or more.
        interval: Steps from one use of the term to the next, 1 or more.
    """

    def __init__(self, weight=1.0, interval=1):
        if not weight >= 0:
            raise invalid(
                "`weight` must be 0 or more.", {"weight": weight}, "Try 10.0."
            )
        if not (isinstance(interval, int) and interval >= 1):
            raise invalid(
                "`interval` must be a positive integer.",
                {"interval": interval},
                "Use 1 for a penalty in every step.",
            )
        self.weight = weight
        self.interval = interval

    @property
    def name(self):
        return snake_case(type(self).__name__)

    def __call__(self, discriminator, real, fake, random=None):
        """Computes the unweighted penalty.

        Args:
            discriminator: A callable from samples to logits `[N, 1]` or to a dict.
            real: Float tensor `[N, …]`.
            fake: Float tensor of the same shape.
            random: A `kgan.random.Stream`; by default the stream of seed 0.

        Returns:
            One float32 value per sample, `[N]`.
        """
        real = tf.convert_to_tensor(real)
        fake = tf.convert_to_tensor(fake)
        return self.call(discriminator, real, fake, random or Stream(0))

    def call(self, discriminator, real, fake, random):
        """Computes the unweighted penalty of tensors."""
        raise NotImplementedError(f"{type(self).__name__} must implement `call`.")

    def get_config(self):
        """Returns the constructor's arguments."""
        return {"weight": self.weight, "interval": self.interval}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
