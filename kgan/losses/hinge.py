import keras
from keras import ops

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class Hinge(AdversarialLoss):
    """Hinge loss of geometric GAN.

    The discriminator is pushed until real logits exceed 1 and fake logits fall below
    -1; the generator raises the logits of its samples.

    Example:

    >>> loss = kgan.losses.Hinge()
    >>> loss.discriminator_loss([[2.0], [0.5]], [[-2.0], [0.0]])  # [0.0, 1.5]

    Reference:

    - [Lim and Ye, 2017](https://arxiv.org/abs/1705.02894)
    """

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.relu(1.0 - real_logits) + ops.relu(1.0 + fake_logits)

    def generator_loss(self, real_logits, fake_logits):
        return -fake_logits
