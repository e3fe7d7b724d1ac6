import keras
from keras import ops

from kgan._core.errors import one_of
from kgan.losses.base import AdversarialLoss

# Above it, exp goes on as its tangent: finite and of finite gradient for any logit. It
# is a density ratio of 5e8, which no discriminator can tell from samples.
_LIMIT = 20.0


def _exp(x):
    return ops.exp(ops.minimum(x, _LIMIT)) * (1.0 + ops.relu(x - _LIMIT))


# The output activation g, and f*(g(v)) simplified, since f*(t) alone loses digits.
_DIVERGENCES = {
    "kl": (lambda v: v, lambda v: _exp(v - 1.0)),
    "reverse_kl": (lambda v: -_exp(-v), lambda v: v - 1.0),
    "pearson_chi2": (lambda v: v, lambda v: 0.25 * ops.square(v) + v),
    "squared_hellinger": (lambda v: 1.0 - _exp(-v), lambda v: _exp(v) - 1.0),
    "jensen_shannon": (
        lambda v: ops.log(2.0) - ops.softplus(-v),
        lambda v: ops.softplus(v) - ops.log(2.0),
    ),
}


@keras.saving.register_keras_serializable(package="kgan")
class FDivergence(AdversarialLoss):
    """The game over an f-divergence of the data from the generator (f-GAN).

    The discriminator maximises F = g(D(x)) - f*(g(D(G(z)))), where f* is the convex
    conjugate of f and g maps logits into its domain. At its best, F is the divergence
    ∫ q f(p / q), with p the data's density and q the generator's.

    | `divergence` | f(u) | g(v) | f*(t) |
    | --- | --- | --- | --- |
    | `"kl"` | u log u | v | exp(t - 1) |
    | `"reverse_kl"` | -log u | -exp(-v) | -1 - log(-t) |
    | `"pearson_chi2"` | (u - 1)² | v | ¼t² + t |
    | `"squared_hellinger"` | (√u - 1)² | 1 - exp(-v) | t / (1 - t) |
    | `"jensen_shannon"` | u log u - (u + 1) log ½(u + 1) | log 2σ(v) | -log(2 - eᵗ) |

    The paper's Jensen-Shannon divergence is twice the usual one. Exponentials go on
    as their tangent where the exponent exceeds 20, so that no logit overflows.

    Args:
        divergence: A name of the table.
        zero_sum: Whether the generator minimises F. If False, it maximises
            g(D(G(z))), the paper's alternative, whose gradient is strong where the
            discriminator is sure of a fake.

    Example:

    >>> loss = kgan.losses.FDivergence("pearson_chi2")
    >>> loss.discriminator_loss([[1.0]], [[2.0]])  # [2.0], ¼·2² + 2 - 1

    Reference:

    - [Nowozin et al., 2016](https://arxiv.org/abs/1606.00709), tables 1 and 2 and
      section 3.2
    """

    def __init__(self, divergence="jensen_shannon", zero_sum=True):
        self.divergence = one_of("divergence", divergence, _DIVERGENCES)
        self.zero_sum = zero_sum

    def discriminator_loss(self, real_logits, fake_logits):
        activation, conjugate = _DIVERGENCES[self.divergence]
        return conjugate(fake_logits) - activation(real_logits)

    def generator_loss(self, real_logits, fake_logits):
        activation, conjugate = _DIVERGENCES[self.divergence]
        if self.zero_sum:
            return activation(real_logits) - conjugate(fake_logits)
        return -activation(fake_logits)

    @property
    def threshold(self):
        # Where the densities are equal, g(v) is f'(1).
        return 1.0 if self.divergence == "kl" else 0.0

    def get_config(self):
        return {"divergence": self.divergence, "zero_sum": self.zero_sum}
