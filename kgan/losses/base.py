import functools

import tensorflow as tf


def _per_sample(method):
    """Lets a loss method take logits of any shape and return one value a sample."""

    @functools.wraps(method)
    def wrapper(self, real_logits, fake_logits):
        real_logits, fake_logits = _flat(real_logits), _flat(fake_logits)
        return tf.reduce_mean(method(self, real_logits, fake_logits), axis=1)

    return wrapper


def _flat(logits):
    logits = tf.cast(tf.convert_to_tensor(logits), tf.float32)
    return tf.reshape(logits, [tf.shape(logits)[0], -1])


class AdversarialLoss:
    """Base class of the losses of the two players.

    A subclass gives `discriminator_loss` and `generator_loss` as the paper's equations,
    element by element on float32 logits. This class accepts logits `[N, 1]`, `[N]`, of
    patches `[N, …]` or as lists, and returns one value per sample, `[N]`: the mean over
    a sample's logits. Averaging over the global batch is the model's work.

    Attributes:
        zero_sum: Whether the two losses always add up to zero.
        relativistic: Whether the generator's loss has a gradient through the real
            logits' pairing, so that the updated discriminator must judge the real
            batch again in the generator's step.
    """

    zero_sum = False
    relativistic = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("discriminator_loss", "generator_loss"):
            if name in vars(cls):
                setattr(cls, name, _per_sample(vars(cls)[name]))

    def discriminator_loss(self, real_logits, fake_logits):
        """Returns what the discriminator minimises, `[N]`."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `discriminator_loss`."
        )

    def generator_loss(self, real_logits, fake_logits):
        """Returns what the generator minimises, `[N]`."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `generator_loss`."
        )

    def get_config(self):
        """Returns the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
