import tensorflow as tf

from kgan._core.batch import Batch
from kgan._core.errors import invalid
from kgan._core.nests import map_leaves
from kgan._core.registry import snake_case


class Penalty:
    """Base class of the terms that are added to a player's loss.

    A subclass implements `call`, the paper's term without its weight. The model adds
    `weight * interval * mean(penalty)` every `interval` steps (lazy regularisation,
    [Karras et al., 2020](https://arxiv.org/abs/1912.04958)).

    Args:
        weight: Factor of the term, 0 or more.
        interval: Steps from one use of the term to the next, 1 or more.

    Attributes:
        player: Whose loss the term is added to, `"discriminator"` or `"generator"`.
        per_sample_gradient: Whether the term is of each sample's own gradient, which
            batch normalisation in the discriminator falsifies.
        uses_codes: Whether the term needs the generator, so that it knows no packs.
        state: A `keras.Layer` that holds what the penalty remembers, or None.
    """

    player = "discriminator"
    per_sample_gradient = False
    uses_codes = False
    state = None

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

    def build(self):
        """Creates `state`; called in `compile`, in the scope of a strategy."""

    def __call__(self, discriminator, real, fake, **context):
        """Computes the unweighted penalty.

        Args:
            discriminator: A callable from samples to logits `[N, 1]` or to a dict.
            real: Float tensor `[N, …]`, or a tuple or dict of such tensors.
            fake: The same for fakes.
            **context: Further attributes of the `kgan.Batch` that `call` gets.

        Returns:
            One float32 value per sample, `[N]`.
        """
        real, fake = (map_leaves(tf.convert_to_tensor, x) for x in (real, fake))
        self.build()
        return self.call(Batch(discriminator, real, fake, **context))

    def call(self, batch):
        """Computes the unweighted penalty of a `kgan.Batch`, `[N]`."""
        raise NotImplementedError(f"{type(self).__name__} must implement `call`.")

    def get_config(self):
        """Returns the constructor's arguments."""
        return {"weight": self.weight, "interval": self.interval}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
