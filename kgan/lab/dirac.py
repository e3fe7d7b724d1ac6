"""The Dirac-GAN: one real sample, at 0, and one weight a player.

The generator always gives θ, and the discriminator's logit of x is ψ·x. The only
equilibrium is θ = ψ = 0, and whether a loss and a penalty reach it is known.
"""

# Keras and `kgan.models` are imported where they are used, since `kgan lab` lists the
# experiments without TensorFlow.


def game(theta=1.0, psi=1.0):
    """Returns the game, as a `kgan.GAN` to be compiled.

    Args:
        theta: The generator's weight at the start.
        psi: The discriminator's weight at the start.

    Reference:

    - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), section 2
    """
    from kgan.models import GAN

    return GAN(generator(theta=theta), discriminator(psi=psi), ema_decay=0)


def generator(sample_shape=(1,), latent_dim=1, theta=1.0):
    """Returns the generator, a `keras.Model` from codes to θ `[N, 1]`.

    Args:
        sample_shape: `(1,)`.
        latent_dim: Size of the code, which is of no consequence.
        theta: θ at the start.
    """
    import keras

    z = keras.Input([latent_dim], name="z")
    # The code's weight is zero and stays so.
    still = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    still.trainable = False
    moving = keras.layers.Dense(
        1,
        kernel_initializer="zeros",
        bias_initializer=keras.initializers.Constant(theta),
        name="theta",
    )
    return keras.Model(z, moving(still(z)))


def discriminator(sample_shape=(1,), psi=1.0, clip=None):
    """Returns the discriminator, a `keras.Model` from x `[N, 1]` to ψ·x `[N, 1]`.

    Args:
        sample_shape: `(1,)`.
        psi: ψ at the start.
        clip: If given, ψ is kept within ±`clip`, as in the first WGAN.
    """
    import keras

    from kgan.layers import ClipWeights

    sample = keras.Input(sample_shape, name="sample")
    logits = keras.layers.Dense(
        1,
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(psi),
        kernel_constraint=None if clip is None else ClipWeights(clip),
        name="psi",
    )(sample)
    return keras.Model(sample, logits)


def state(gan):
    """Returns θ and ψ as floats."""
    return tuple(float(weight.numpy().item()) for weight in _weights(gan))


def set_state(gan, theta, psi):
    """Sets θ and ψ."""
    for weight, value in zip(_weights(gan), (theta, psi), strict=True):
        weight.assign(weight.numpy() * 0 + value)


def _weights(gan):
    theta = gan.generator.get_layer("theta").bias
    return theta, gan.discriminator.get_layer("psi").kernel
