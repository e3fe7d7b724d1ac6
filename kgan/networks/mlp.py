"""Multilayer perceptrons: for points, and for small images as in the first GAN."""

import math

import keras
from keras import layers

from kgan.networks.conditioning import code_inputs, projection_logits


def generator(
    sample_shape, latent_dim=100, width=256, depth=2, num_classes=None, activation=None
):
    """Generator of ReLU layers.

    Args:
        sample_shape: Shape of a sample, such as `(2,)` or `(28, 28, 1)`.
        latent_dim: Size of the code.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        num_classes: If given, the model takes `[z, label]`.
        activation: Of the output; by default tanh for images and none for points.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to samples `[N, *sample_shape]`.

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """
    if activation is None and len(sample_shape) > 1:
        activation = "tanh"
    inputs, x = code_inputs(latent_dim, num_classes)
    for _ in range(depth):
        x = layers.Dense(width, "relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(math.prod(sample_shape), activation, dtype="float32")(x)
    x = layers.Reshape(sample_shape, dtype="float32", name="sample")(x)
    return keras.Model(inputs, x, name="mlp_generator")


def discriminator(sample_shape, width=256, depth=2, num_classes=None, dropout=0.0):
    """Discriminator of leaky ReLU layers.

    Args:
        sample_shape: Shape of a sample.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        num_classes: If given, the model takes `[sample, label]`, joined by projection.
        dropout: Share of hidden units dropped in training.

    Returns:
        A `keras.Model` from samples `[N, *sample_shape]` to logits `[N, 1]`.

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """
    sample = keras.Input(sample_shape, name="sample")
    x = layers.Flatten()(sample)
    for _ in range(depth):
        x = layers.Dense(width, kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
        if dropout:
            x = layers.Dropout(dropout)(x)
    inputs, logits = projection_logits(sample, x, num_classes)
    return keras.Model(inputs, logits, name="mlp_discriminator")
