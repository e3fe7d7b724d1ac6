import keras
from keras import ops

from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class LeastSquares(AdversarialLoss):
    """Least-squares loss: a regression of the logits to three targets.

    With `b - c = 1` and `b - a = 2` the game minimises the Pearson χ² divergence.

    Args:
        a: The discriminator's target for fake samples.
        b: The discriminator's target for real samples.
        c: The generator's target for fake samples.

    Example:

    >>> loss = kgan.losses.LeastSquares()
    >>> loss.discriminator_loss([[1.0], [0.0]], [[0.0], [2.0]])  # [0.0, 2.5]

    Reference:

    - [Mao et al., 2017](https://arxiv.org/abs/1611.04076)
    """

    def __init__(self, a=0.0, b=1.0, c=1.0):
        self.a, self.b, self.c = a, b, c

    def discriminator_loss(self, real_logits, fake_logits):
        real_term = 0.5 * ops.square(real_logits - self.b)
        return real_term + 0.5 * ops.square(fake_logits - self.a)

    def generator_loss(self, real_logits, fake_logits):
        return 0.5 * ops.square(fake_logits - self.c)

    @property
    def threshold(self):
        return (self.a + self.b) / 2

    def get_config(self):
        return {"a": self.a, "b": self.b, "c": self.c}
