import keras
from keras import ops

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class BoundarySeeking(AdversarialLoss):
    """Boundary-seeking loss: the generator aims at the discriminator's border.

    The discriminator's loss is that of `NonSaturating`. The generator minimises
    ½(log D - log(1 - D))², half the squared logit: it moves its samples to where the
    discriminator cannot decide, and no further.

    Example:

    >>> loss = kgan.losses.BoundarySeeking()
    >>> loss.generator_loss([[0.0]], [[3.0]])  # [4.5]

    Reference:

    - [Hjelm et al., 2017](https://arxiv.org/abs/1702.08431), the continuous case
    """

    logistic = True

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.softplus(-real_logits) + ops.softplus(fake_logits)

    def generator_loss(self, real_logits, fake_logits):
        return 0.5 * ops.square(fake_logits)
