import keras
import tensorflow as tf
from keras import ops

from kgan._core.distribution import global_mean
from kgan._core.errors import one_of
from kgan.losses.base import AdversarialLoss

_LOSSES = {  # of a margin that should be large
    "logistic": lambda margin: ops.softplus(-margin),
    "hinge": lambda margin: ops.relu(1.0 - margin),
    "least_squares": lambda margin: ops.square(margin - 1.0),
}


@keras.saving.register_keras_serializable(package="kgan")
class RelativisticAverage(AdversarialLoss):
    """Relativistic average loss: is this real sample more real than the average fake?

    A real sample's margin is m(x) = D(x) - mean D(G(z)), a fake's is
    m(G(z)) = D(G(z)) - mean D(x), with the means over the global batch. The
    discriminator minimises φ(m(x)) + φ(-m(G(z))), the generator the same with the
    players' parts exchanged, φ(m(G(z))) + φ(-m(x)).

    Args:
        kind: φ: `"logistic"`, softplus(-m) (RaSGAN); `"hinge"`, max(0, 1 - m)
            (RaHingeGAN); or `"least_squares"`, (m - 1)² (RaLSGAN).

    Example:

    >>> loss = kgan.losses.RelativisticAverage("hinge")
    >>> loss.discriminator_loss([[1.0], [0.0]], [[0.0], [0.0]])  # [0.5, 1.5]

    Reference:

    - [Jolicoeur-Martineau, 2018](https://arxiv.org/abs/1807.00734)
    """

    relativistic = True
    threshold = None

    def __init__(self, kind="logistic"):
        self.kind = one_of("kind", kind, _LOSSES)
        self.logistic = kind == "logistic"

    def margins(self, real_logits, fake_logits):
        real_mean, fake_mean = _global_means(real_logits, fake_logits)
        return real_logits - fake_mean, fake_logits - real_mean

    def discriminator_loss(self, real_logits, fake_logits):
        real_margin, fake_margin = self.margins(real_logits, fake_logits)
        return _LOSSES[self.kind](real_margin) + _LOSSES[self.kind](-fake_margin)

    def generator_loss(self, real_logits, fake_logits):
        real_margin, fake_margin = self.margins(real_logits, fake_logits)
        return _LOSSES[self.kind](fake_margin) + _LOSSES[self.kind](-real_margin)

    def get_config(self):
        return {"kind": self.kind}


def _global_means(*logits):
    """Returns means over all replicas, which hold equal shares of the batch."""
    return tf.unstack(global_mean(tf.stack([tf.reduce_mean(part) for part in logits])))
