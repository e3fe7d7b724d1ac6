import keras

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class Wasserstein(AdversarialLoss):
    """Wasserstein loss: a zero-sum game over D(x) - D(G(z)).

    An estimate of the earth mover's distance only while the discriminator (the critic)
    is Lipschitz: combine with `kgan.penalties.GradientPenalty`.

    Example:

    >>> loss = kgan.losses.Wasserstein()
    >>> loss.discriminator_loss([[3.0]], [[1.0]])  # [-2.0]

    Reference:

    - [Arjovsky et al., 2017](https://arxiv.org/abs/1701.07875)
    """

    zero_sum = True
    threshold = None

    def discriminator_loss(self, real_logits, fake_logits):
        return fake_logits - real_logits

    def generator_loss(self, real_logits, fake_logits):
        return real_logits - fake_logits
