import numpy as np

from kgan.diagnostics.arrays import as_inputs
from kgan.diagnostics.players import logits


def value(real_logits, fake_logits):
    """Returns V of logits: mean log sigmoid(real) + mean log(1 - sigmoid(fake))."""
    return float(
        -np.logaddexp(0.0, -real_logits).mean() - np.logaddexp(0.0, fake_logits).mean()
    )


def value_function(discriminator, real, fake, batch_size=1024):
    """Value V(D, G) = E log D(x) + E log(1 - D(G(z))) of the minimax game.

    D is the sigmoid of the discriminator's logits, in inference mode. V is -log 4 =
    -1.3863 where the discriminator guesses, and approaches 0 where it is always right.

    Args:
        discriminator: A `keras.Model`, or any callable, from samples to logits
            `[N, 1]` or to a dict with `"logits"`.
        real: Array `[N, …]` as the discriminator takes it, or a tuple with labels.
        fake: Generated samples, likewise.
        batch_size: Samples a pass.

    Returns:
        A float of 0 or less, in nats.

    Example:

    >>> kgan.diagnostics.value_function(gan.discriminator, x_test, gan.generate(1000))
    -1.2

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """
    return value(
        logits(discriminator, as_inputs(real, "real"), batch_size),
        logits(discriminator, as_inputs(fake, "fake"), batch_size),
    )
