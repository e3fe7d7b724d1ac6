import keras
from keras import ops

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class Minimax(AdversarialLoss):
    """The original zero-sum game: the players share the value V, with opposite signs.

    V = log D(x) + log(1 - D(G(z))), where D is the sigmoid of the logit. The generator
    descends V; where the discriminator is sure of a fake, V is flat and the generator
    learns slowly: see `NonSaturating`.

    Example:

    >>> loss = kgan.losses.Minimax()
    >>> loss.discriminator_loss([[0.0]], [[0.0]])  # [1.3863], log 4
    >>> loss.generator_loss([[0.0]], [[0.0]])  # [-1.3863]

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """

    zero_sum = True
    logistic = True

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.softplus(-real_logits) + ops.softplus(fake_logits)

    def generator_loss(self, real_logits, fake_logits):
        return -ops.softplus(-real_logits) - ops.softplus(fake_logits)
