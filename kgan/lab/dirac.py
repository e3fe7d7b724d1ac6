"""The Dirac-GAN: one real sample, at 0, and one weight a player.

The generator always gives θ, and the discriminator's logit of x is ψ·x. The only
equilibrium is θ = ψ = 0, and whether a loss and a penalty reach it is known.
"""

import keras

from kgan.models import GAN


def game(theta=1.0, psi=1.0):
    """Returns the game, as a `kgan.GAN` to be compiled.

    Args:
        theta: The generator's weight at the start.
        psi: The discriminator's weight at the start.

    Reference:

    - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), section 2
    """
    z = keras.Input([1], name="z")
    weight = keras.initializers.Constant(theta)
    # The code is of no consequence: its weight is zero and stays so.
    still = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    still.trainable = False
    moving = keras.layers.Dense(
        1, kernel_initializer="zeros", bias_initializer=weight, name="theta"
    )
    x = moving(still(z))
    sample = keras.Input([1], name="sample")
    logits = keras.layers.Dense(
        1, use_bias=False, kernel_initializer=keras.initializers.Constant(psi)
    )(sample)
    return GAN(keras.Model(z, x), keras.Model(sample, logits), ema_decay=0)


def state(gan):
    """Returns θ and ψ as floats."""
    theta = gan.generator.get_layer("theta").bias
    return float(theta.numpy()[0]), float(gan.discriminator.get_weights()[0][0, 0])
