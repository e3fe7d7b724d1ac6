import functools

import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.registry import snake_case


def _on_tensors(method):
    """Lets a loss method take tensors of any precision, or lists."""

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        kwargs = {name: _tensors(value) for name, value in kwargs.items()}
        return method(self, *map(_tensors, args), **kwargs)

    return wrapper


def _tensors(value):
    if isinstance(value, dict):
        return {
            k: tf.cast(tf.convert_to_tensor(v), tf.float32) for k, v in value.items()
        }
    return None if value is None else tf.convert_to_tensor(value)


class Objective:
    """Base class of what the players learn from the discriminator's auxiliary heads.

    A subclass gives `discriminator_loss` and `generator_loss` as the paper's equations,
    one value per sample, which the model weights, averages and adds to the losses of
    the game. It reads the discriminator's outputs: dicts of float32 tensors `[N, …]`,
    `"logits"` and the heads by name.

    Args:
        weight: Factor of both losses, 0 or more.

    Attributes:
        needs_label: Whether the generator must take a label.
        drawn_labels: Number of labels from which the game draws the generator's,
            uniformly; None: it takes those of the data.
    """

    needs_label = True
    drawn_labels = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("discriminator_loss", "generator_loss"):
            if name in vars(cls):
                setattr(cls, name, _on_tensors(vars(cls)[name]))

    def __init__(self, weight=1.0):
        if not weight >= 0:
            raise invalid("`weight` must be 0 or more.", {"weight": weight}, "Try 1.0.")
        self.weight = weight

    @property
    def name(self):
        return snake_case(type(self).__name__)

    def heads(self, num_classes):
        """Returns the heads that it reads: a dict from their names to their units.

        Args:
            num_classes: Number of classes of the data.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `heads`.")

    def discriminator_loss(self, real, fake, label=None, z=None):
        """Returns what the discriminator minimises, float32 `[N]`.

        Args:
            real: Outputs of the discriminator for the real samples.
            fake: Its outputs for the fakes.
            label: int64 `[N]`: labels of the real samples and, where the generator
                takes labels, of the fakes.
            z: Codes `[N, latent_dim]` of the fakes.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must implement `discriminator_loss`."
        )

    def generator_loss(self, fake, label=None, z=None):
        """Returns what the generator minimises, float32 `[N]`; arguments as above."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `generator_loss`."
        )

    def get_config(self):
        """Returns the constructor's arguments."""
        return {"weight": self.weight}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def cross_entropy(label, logits):
    """Returns -log softmax(logits)[label], `[N]`."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(label, logits)
