import functools

import tensorflow as tf


def _per_sample(method):
    """Lets a loss method take logits of any shape and return one value a sample."""

    @functools.wraps(method)
    def wrapper(self, real_logits, fake_logits):
        real_logits, fake_logits = _flat(real_logits), _flat(fake_logits)
        values = method(self, real_logits, fake_logits)
        return tf.reduce_mean(_flat(values), axis=1)

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
        logistic: Whether the discriminator's loss of a sample labelled real is
            `softplus(-margin)`, and of one labelled fake `softplus(margin)`.
        threshold: The logit of a sample that may as well be real as fake, at the best
            discriminator; None where only differences of logits mean anything.
    """

    zero_sum = False
    relativistic = False
    logistic = False
    threshold = 0.0

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

    def margins(self, real_logits, fake_logits):
        """Returns what each sample is judged by, a pair: real samples, then fake.

        The logits themselves, or, in a relativistic loss, their lead over the others.
        """
        return real_logits, fake_logits

    def relabel(self, real_logits, fake_logits, random):
        """Returns the logits of what the discriminator is told is real, and fake.

        The model calls it once in each discriminator step, before
        `discriminator_loss`. `random` is a `kgan.Stream`.
        """
        return real_logits, fake_logits

    def get_config(self):
        """Returns the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
