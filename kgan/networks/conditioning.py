"""How labels and attributes enter networks, and what heads a discriminator has."""

import math

import keras
from keras import layers, ops

from kgan._core.errors import invalid

# Wide enough for the class to matter from the first step, and narrow enough beside the
# code for samples of a class to differ: at 64 beside a code of 64 they hardly did.
EMBEDDING_DIM = 24
DISCRIMINATOR = ("projection", "concat", "none")


def code_inputs(
    latent_dim, num_classes=None, conditioning="embedding", condition_dim=None
):
    """Returns a generator's inputs, and its code with the condition beside it.

    Args:
        latent_dim: Size of the code.
        num_classes: Number of classes, or None.
        conditioning: `"embedding"`: the label's embedding stands beside the code, and
            starts as strong as it, N(0, 1); `"concat"`: the label as a one-hot vector
            ([Mirza and Osindero, 2014](https://arxiv.org/abs/1411.1784)); else the
            code stands alone, and without inputs for labels if it is `"none"`.
        condition_dim: Number of attributes, or None. They stand beside the code as
            they are (`"concat"`), or through a linear layer as strong as the code.

    Returns:
        The input or list of inputs, and a tensor `[N, latent_dim + …]`.
    """
    z = keras.Input([latent_dim], name="z")
    if (num_classes is None and condition_dim is None) or conditioning == "none":
        return z, z
    _check_condition(num_classes, conditioning, condition_dim)
    if condition_dim is not None:
        beside = condition = keras.Input([condition_dim], name="condition")
        if conditioning == "embedding":
            initializer = keras.initializers.RandomNormal(stddev=condition_dim**-0.5)
            beside = layers.Dense(EMBEDDING_DIM, kernel_initializer=initializer)(beside)
        return [z, condition], layers.Concatenate()([z, beside])
    label = keras.Input([], dtype="int64", name="label")
    if conditioning == "batch_norm":
        return [z, label], z
    if conditioning == "concat":
        beside = _one_hot(num_classes)(label)
    else:
        initializer = keras.initializers.RandomNormal(stddev=1.0)
        beside = layers.Embedding(num_classes, EMBEDDING_DIM, initializer)(label)
    return [z, label], layers.Concatenate()([z, beside])


def sample_inputs(
    shape, num_classes=None, conditioning="projection", condition_dim=None, name="image"
):
    """Returns a list of inputs: samples, and labels or attributes unless `"none"`."""
    sample = keras.Input(shape, name=name)
    if (num_classes is None and condition_dim is None) or conditioning == "none":
        return [sample]
    _check_condition(num_classes, conditioning, condition_dim)
    if condition_dim is not None:
        return [sample, keras.Input([condition_dim], name="condition")]
    return [sample, keras.Input([], dtype="int64", name="label")]


def join_condition(
    x, inputs, num_classes=None, conditioning="projection", condition_dim=None
):
    """Returns a tensor with the condition joined to its channels everywhere.

    The condition is the one-hot label, or the attributes.

    Args:
        x: Tensor `[N, …, channels]` of the samples.
        inputs: As `sample_inputs` returns them.
        num_classes: Number of classes, or None.
        conditioning: `"concat"`, or another, which leaves `x` as it is.
        condition_dim: Number of attributes, or None.

    Returns:
        `x`, or a tensor of as many channels more as the condition has numbers.
    """
    if len(inputs) == 1 or conditioning != "concat":
        return x
    vector = inputs[1]
    if condition_dim is None:
        vector = _one_hot(num_classes)(vector)
    if len(x.shape) > 2:
        places = x.shape[1:-1]
        size = vector.shape[-1]
        vector = layers.RepeatVector(math.prod(places))(vector)
        vector = layers.Reshape([*places, size])(vector)
    return layers.Concatenate()([x, vector])


def discriminator_of(
    inputs,
    features,
    name,
    num_classes=None,
    conditioning="projection",
    condition_dim=None,
    heads=None,
    logits_from=None,
    dense=layers.Dense,
):
    """Returns the discriminator that decides by features.

    Its logit is a linear function of the features; by projection, plus the inner
    product of the features and a linear function of the one-hot label or attributes.

    Args:
        inputs: As `sample_inputs` returns them.
        features: Tensor `[N, D]`.
        name: Of the model.
        num_classes: Number of classes, or None.
        conditioning: `"projection"`, or another, of which no more is to be done.
        condition_dim: Number of attributes, or None.
        heads: Dict from names of auxiliary heads, which are linear functions of the
            features too, to their units.
        logits_from: Name of the head whose log-sum-exp is the logit, or None.
        dense: Layer class of the linear functions.

    Returns:
        A `keras.Model` to logits `[N, 1]`, or to a dict of them and the heads.

    Reference:

    - [Miyato and Koyama, 2018](https://arxiv.org/abs/1802.05637), projection
    """
    heads = {
        head: dense(units, dtype="float32", name=head)(features)
        for head, units in (heads or {}).items()
    }
    if logits_from is not None:
        _check_logits_from(logits_from, heads)
        logits = ops.logsumexp(heads[logits_from], axis=-1, keepdims=True)
    else:
        logits = dense(1, dtype="float32", name="logits")(features)
    if len(inputs) == 2 and conditioning == "projection":
        size = features.shape[-1]
        if condition_dim is None:
            embedding = layers.Embedding(num_classes, size, name="projection")
        else:
            embedding = layers.Dense(size, use_bias=False, name="projection")
        inner = ops.sum(embedding(inputs[1]) * features, axis=-1, keepdims=True)
        logits = layers.Add(dtype="float32")([logits, inner])
    inputs = inputs if len(inputs) > 1 else inputs[0]
    outputs = {"logits": logits, **heads} if heads else logits
    return keras.Model(inputs, outputs, name=name)


def _check_condition(num_classes, conditioning, condition_dim):
    if condition_dim is not None and (
        num_classes is not None or conditioning == "batch_norm"
    ):
        raise invalid(
            "Attributes enter alone, by 'embedding', 'concat' or 'projection'.",
            {
                "num_classes": num_classes,
                "condition_dim": condition_dim,
                "conditioning": conditioning,
            },
            "Leave `num_classes` out: a class can be attributes too, a one-hot part.",
        )


def _one_hot(num_classes):
    """An embedding that stays as it is, so that the label is read as always."""
    return layers.Embedding(num_classes, num_classes, "identity", trainable=False)


def _check_logits_from(logits_from, heads):
    if logits_from not in heads:
        raise invalid(
            "`logits_from` must name one of the heads.",
            {"logits_from": logits_from, "heads": sorted(heads)},
            "Leave it out for logits of their own.",
        )
