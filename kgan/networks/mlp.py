"""Multilayer perceptrons: for points, and for small images as in the first GAN."""

import functools
import math

import keras
from keras import layers

from kgan._core.errors import invalid, one_of
from kgan.layers import Maxout
from kgan.networks.conditioning import (
    DISCRIMINATOR,
    code_inputs,
    discriminator_of,
    join_condition,
    sample_inputs,
)


def generator(
    sample_shape,
    latent_dim=100,
    width=256,
    depth=2,
    num_classes=None,
    activation=None,
    conditioning="embedding",
    initializer="he_normal",
    branches=None,
    condition_dim=None,
):
    """Generator of ReLU layers.

    Args:
        sample_shape: Shape of a sample, such as `(2,)` or `(28, 28, 1)`.
        latent_dim: Size of the code.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        num_classes: If given, the model takes `[z, label]`.
        activation: Of the output; by default tanh for images and none for points.
        conditioning: How the label enters: `"embedding"` beside the code, `"concat"`:
            as a one-hot vector beside it, or `"none"`: not at all.
        initializer: Of the hidden layers' kernels.
        branches: With `"concat"`, units of a first hidden layer of the code and of one
            of the label, which join behind these; by default they join before.
        condition_dim: If given, the model takes `[z, condition]`, attributes
            `[N, condition_dim]`.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to samples `[N, *sample_shape]`.

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """
    one_of("conditioning", conditioning, ("embedding", "concat", "none"))
    if activation is None and len(sample_shape) > 1:
        activation = "tanh"
    inputs, x = code_inputs(latent_dim, num_classes, conditioning, condition_dim)

    def hidden(units, x):
        return layers.Dense(units, "relu", kernel_initializer=initializer)(x)

    x = _hidden_layers(x, hidden, width, depth, branches, num_classes, conditioning)
    x = layers.Dense(math.prod(sample_shape), activation, dtype="float32")(x)
    x = layers.Reshape(sample_shape, dtype="float32", name="sample")(x)
    return keras.Model(inputs, x, name="mlp_generator")


def discriminator(
    sample_shape,
    width=256,
    depth=2,
    num_classes=None,
    dropout=0.0,
    conditioning="projection",
    heads=None,
    logits_from=None,
    activation="leaky_relu",
    input_dropout=0.0,
    initializer="he_normal",
    max_norm=None,
    branches=None,
    condition_dim=None,
):
    """Discriminator of leaky ReLU or maxout layers.

    Args:
        sample_shape: Shape of a sample.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        num_classes: If given, the model takes `[sample, label]`.
        dropout: Share of hidden units dropped in training.
        conditioning: How the label enters: `"projection"` at the end, `"concat"`: as a
            one-hot vector beside the sample, or `"none"`: not at all.
        heads: Dict from names of auxiliary heads to their units, as `kgan.objectives`
            read them.
        logits_from: Name of the head whose log-sum-exp is the logit; by default the
            logit is a unit of its own.
        activation: `"leaky_relu"`, of slope 0.2, or `"maxout"`, of five pieces.
        input_dropout: Share of inputs dropped in training.
        initializer: Of the hidden layers' kernels.
        max_norm: Limit of the norm of the weights that lead into a unit, the logit's
            among them; by default none.
        branches: As of `generator`, of the sample and of the label.
        condition_dim: If given, the model takes `[sample, condition]`, attributes
            `[N, condition_dim]`, which enter as labels do.

    Returns:
        A `keras.Model` from samples `[N, *sample_shape]` to logits `[N, 1]`, or to a
        dict of them and the heads.

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """
    one_of("conditioning", conditioning, DISCRIMINATOR)
    _check_activation(activation)
    labels = num_classes, conditioning, condition_dim
    inputs = sample_inputs(sample_shape, *labels, name="sample")
    x = join_condition(layers.Flatten()(inputs[0]), inputs, *labels)
    if input_dropout:
        x = layers.Dropout(input_dropout)(x)
    constraint = None if max_norm is None else keras.constraints.MaxNorm(max_norm)
    limited = {"kernel_constraint": constraint}
    layer = Maxout if activation == "maxout" else layers.Dense

    def hidden(units, x):
        x = layer(units, kernel_initializer=initializer, **limited)(x)
        if activation == "leaky_relu":
            x = layers.LeakyReLU(0.2)(x)
        return layers.Dropout(dropout)(x) if dropout else x

    x = _hidden_layers(x, hidden, width, depth, branches, num_classes, conditioning)
    dense = functools.partial(layers.Dense, **limited)
    return discriminator_of(
        inputs, x, "mlp_discriminator", *labels, heads, logits_from, dense
    )


def _hidden_layers(x, hidden, width, depth, branches, num_classes, conditioning):
    """Hidden layers in turn; with branches, `x` ends with the one-hot label."""
    if branches and num_classes is not None:
        if conditioning != "concat":
            raise invalid(
                "`branches` are of a label that enters by concatenation.",
                {"conditioning": conditioning},
                "Pass conditioning='concat', or leave `branches` out.",
            )
        parts = x[:, :-num_classes], x[:, -num_classes:]
        joined = [hidden(*pair) for pair in zip(branches, parts, strict=True)]
        x, depth = layers.Concatenate()(joined), depth - 1
    for _ in range(depth):
        x = hidden(width, x)
    return x


def _check_activation(activation):
    if activation not in ("leaky_relu", "maxout"):
        raise invalid(
            "`activation` must be 'leaky_relu' or 'maxout'.",
            {"activation": activation},
            "Use 'leaky_relu'.",
        )
