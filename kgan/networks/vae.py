"""The networks of a variational auto-encoder: dense, or convolutional as DCGAN's."""

import math

import keras
from keras import layers
from keras.initializers import HeNormal

from kgan._core.errors import invalid
from kgan.networks import dcgan
from kgan.networks.conditioning import code_inputs, join_condition, sample_inputs


def encoder(
    image_shape,
    latent_dim=50,
    hidden=(200, 200),
    width=None,
    activation="tanh",
    num_classes=None,
    condition_dim=None,
):
    """Encoder: the normal distribution of the codes of an image.

    Args:
        image_shape: Shape of a sample.
        latent_dim: Size of the code.
        hidden: Units of the hidden layers.
        width: If given, DCGAN's strided convolutions, of this many channels in the
            first, without normalisation, see the image before the hidden layers.
        activation: Of the hidden layers.
        num_classes: If given, the model takes `[image, label]`.
        condition_dim: If given, the model takes `[image, condition]`.

    Returns:
        A `keras.Model` from images to `[N, 2 * latent_dim]`: the means, then the
        logarithms of the variances.

    Reference:

    - [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114)
    """
    _check_shape(image_shape)
    labels = num_classes, "concat", condition_dim
    inputs = sample_inputs(image_shape, *labels)
    x = inputs[0]
    if width is not None:
        x = dcgan.features(
            x, image_shape, width, normalization="none", weights=HeNormal
        )
    x = join_condition(layers.Flatten()(x), inputs, *labels)
    for units in hidden:
        x = layers.Dense(units, activation)(x)
    x = layers.Dense(2 * latent_dim, dtype="float32", name="code")(x)
    return keras.Model(inputs if inputs[1:] else inputs[0], x, name="vae_encoder")


def decoder(
    image_shape,
    latent_dim=50,
    hidden=(200, 200),
    width=None,
    activation="tanh",
    num_classes=None,
    condition_dim=None,
    parameters=1,
):
    """Decoder: what a `kgan.likelihoods.Likelihood` needs to know of each value.

    Args:
        image_shape: Shape of a sample.
        latent_dim: Size of the code.
        hidden: Units of the hidden layers.
        width: If given, DCGAN's transposed convolutions, of this many channels in the
            last hidden one, without normalisation, follow the hidden layers.
        activation: Of the hidden layers.
        num_classes: If given, the model takes `[z, label]`.
        condition_dim: If given, the model takes `[z, condition]`.
        parameters: Numbers for each value of a sample: the likelihood's `parameters`.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to `[N, …, parameters·channels]`,
        without an activation at the end.

    Reference:

    - [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114)
    """
    _check_shape(image_shape)
    if not parameters >= 1:
        raise invalid(
            "`parameters` must be those of a likelihood.",
            {"parameters": parameters},
            "Use kgan.likelihoods.Gaussian().parameters, or 1 for Bernoulli.",
        )
    inputs, x = code_inputs(latent_dim, num_classes, "concat", condition_dim)
    for units in hidden:
        x = layers.Dense(units, activation)(x)
    *places, channels = image_shape
    shape = (*places, channels * parameters)
    if width is not None:
        x = dcgan.upsampled(x, image_shape, width, shape[-1], weights=HeNormal)
    else:
        x = layers.Dense(math.prod(shape))(x)
    x = layers.Reshape(shape, dtype="float32", name="parameters")(x)
    return keras.Model(inputs, x, name="vae_decoder")


def _check_shape(image_shape):
    if min(image_shape, default=0) < 1:
        raise invalid(
            "A sample must have at least one value along each axis.",
            {"image_shape": tuple(image_shape)},
            "Pass for instance (28, 28, 1).",
        )
