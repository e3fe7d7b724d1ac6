import keras
from keras import ops

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class RelativisticPairing(AdversarialLoss):
    """Relativistic pairing loss (RpGAN): is this real sample more real than this fake?

    Each real sample is paired with the fake at its place in the batch, and only the
    difference of their logits counts. Combine with `kgan.penalties.R1`, and R2 on the
    fakes, as R3GAN does.

    Example:

    >>> loss = kgan.losses.RelativisticPairing()
    >>> loss.discriminator_loss([[2.0]], [[1.0]])  # [0.3133], log(1 + e⁻¹)
    >>> loss.generator_loss([[2.0]], [[1.0]])  # [1.3133], log(1 + e)

    Reference:

    - [Jolicoeur-Martineau, 2018](https://arxiv.org/abs/1807.00734)
    - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), R3GAN
    """

    relativistic = True
    threshold = None
    logistic = True

    def margins(self, real_logits, fake_logits):
        return real_logits - fake_logits, fake_logits - real_logits

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.softplus(-(real_logits - fake_logits))

    def generator_loss(self, real_logits, fake_logits):
        return ops.softplus(-(fake_logits - real_logits))
