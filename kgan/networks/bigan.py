"""What BiGAN and ALI need beside a generator: an encoder, and a discriminator of both.

The generator is that of another family, such as `kgan.networks.dcgan`.
"""

import math

import keras
from keras import layers

from kgan._core.errors import invalid
from kgan.networks import dcgan


def encoder(
    image_shape,
    latent_dim=100,
    width=64,
    stochastic=False,
    max_deviation=0.4,
    **options,
):
    """Encoder: DCGAN's convolutions, then a dense layer that gives the code.

    Args:
        image_shape: `(height, width, channels)`, as for `dcgan.generator`.
        latent_dim: Size of the code.
        width: Channels of the first stage; each later stage has twice as many.
        stochastic: If True, the model gives the mean and the logarithm of the variance
            of a normal distribution of codes (ALI), instead of a code (BiGAN).
        max_deviation: Limit of that distribution's standard deviation. Without one the
            game gives codes the prior's spread by noise alone, within a hundred steps,
            and takes very long until the means tell of the image.
        **options: Further arguments of `kgan.networks.dcgan.discriminator`.

    Returns:
        A `keras.Model` from images to codes `[N, latent_dim]`, or to `[N, 2 *
        latent_dim]`, first the means, then the logarithms of the variances.

    Reference:

    - [Donahue et al., 2017](https://arxiv.org/abs/1605.09782), BiGAN
    - [Dumoulin et al., 2017](https://arxiv.org/abs/1606.00704), ALI
    """
    if not max_deviation > 0:
        raise invalid(
            "`max_deviation` must be a positive number.",
            {"max_deviation": max_deviation},
            "Use 0.4 or less: the prior's own deviation is 1.",
        )
    image, features = _features(image_shape, width, **options)
    code = layers.Dense(latent_dim, dtype="float32", name="code")(features)
    if stochastic:
        spread = layers.Dense(latent_dim, dtype="float32", name="spread")(features)
        log_variance = 2 * math.log(max_deviation) - keras.ops.softplus(spread)
        code = layers.Concatenate(dtype="float32")([code, log_variance])
    return keras.Model(image, code, name="bigan_encoder")


def discriminator(
    image_shape, latent_dim=100, width=64, joint_width=256, depth=2, **options
):
    """Discriminator of pairs of an image and a code.

    DCGAN's convolutions see the image, a dense layer the code, and dense layers what
    both give.

    Args:
        image_shape: `(height, width, channels)`, as for `dcgan.generator`.
        latent_dim: Size of the code.
        width: Channels of the first stage of the convolutions.
        joint_width: Units of each dense layer.
        depth: Number of dense layers on both.
        **options: Further arguments of `kgan.networks.dcgan.discriminator`, such as
            `normalization`.

    Returns:
        A `keras.Model` from `[image, z]` to logits `[N, 1]`.

    Reference:

    - [Donahue et al., 2017](https://arxiv.org/abs/1605.09782)
    """
    image, seen = _features(image_shape, width, **options)
    z = keras.Input([latent_dim], name="z")
    x = layers.Concatenate()([seen, _dense(joint_width)(z)])
    for _ in range(depth):
        x = _dense(joint_width)(x)
    logits = layers.Dense(1, dtype="float32", name="logits")(x)
    return keras.Model([image, z], logits, name="bigan_discriminator")


def _features(image_shape, width, **options):
    """Returns an image and what a DCGAN discriminator computes its logits from."""
    full = dcgan.discriminator(image_shape, width, **options)
    return full.input, full.get_layer("logits").input


def _dense(width):
    def apply(x):
        x = layers.Dense(width, kernel_initializer="he_normal")(x)
        return layers.LeakyReLU(0.2)(x)

    return apply
