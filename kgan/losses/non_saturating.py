import keras
from keras import ops

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class NonSaturating(AdversarialLoss):
    """The original game with the generator's gradient repaired.

    The discriminator's loss is that of `Minimax`. The generator maximises log D(G(z))
    instead of minimising log(1 - D(G(z))): the same fixed point, but a strong gradient
    where the discriminator is sure of a fake.

    Example:

    >>> loss = kgan.losses.NonSaturating()
    >>> loss.generator_loss([[0.0]], [[0.0]])  # [0.6931], log 2

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), section 3
    """

    logistic = True

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.softplus(-real_logits) + ops.softplus(fake_logits)

    def generator_loss(self, real_logits, fake_logits):
        return ops.softplus(-fake_logits)
