"""How labels enter the two players, and what heads the discriminator has."""

import math

import keras
from keras import layers, ops

from kgan._core.errors import invalid

# Wide enough for the class to matter from the first step, and narrow enough beside the
# code for samples of a class to differ: at 64 beside a code of 64 they hardly did.
EMBEDDING_DIM = 24
DISCRIMINATOR = ("projection", "concat", "none")


def code_inputs(latent_dim, num_classes=None, conditioning="embedding"):
    """Returns a generator's inputs, and its code with the label beside it.

    Args:
        latent_dim: Size of the code.
        num_classes: Number of classes, or None.
        conditioning: `"embedding"`: the label's embedding stands beside the code, and
            starts as strong as it, N(0, 1); `"concat"`: the label as a one-hot vector
            ([Mirza and Osindero, 2014](https://arxiv.org/abs/1411.1784)); else the
            code stands alone, and without inputs for labels if it is `"none"`.

    Returns:
        The input or list of inputs, and a tensor `[N, latent_dim + …]`.
    """
    z = keras.Input([latent_dim], name="z")
    if num_classes is None or conditioning == "none":
        return z, z
    label = keras.Input([], dtype="int64", name="label")
    if conditioning == "batch_norm":
        return [z, label], z
    if conditioning == "concat":
        beside = _one_hot(num_classes)(label)
    else:
        initializer = keras.initializers.RandomNormal(stddev=1.0)
        beside = layers.Embedding(num_classes, EMBEDDING_DIM, initializer)(label)
    return [z, label], layers.Concatenate()([z, beside])


def sample_inputs(shape, num_classes=None, conditioning="projection", name="image"):
    """Returns a discriminator's list of inputs: samples, and labels unless `"none"`."""
    sample = keras.Input(shape, name=name)
    if num_classes is None or conditioning == "none":
        return [sample]
    return [sample, keras.Input([], dtype="int64", name="label")]


def join_label(x, inputs, num_classes=None, conditioning="projection"):
    """Returns a tensor with the one-hot label joined to its channels everywhere.

    Args:
        x: Tensor `[N, …, channels]` of the samples.
        inputs: As `sample_inputs` returns them.
        num_classes: Number of classes, or None.
        conditioning: `"concat"`, or another, which leaves `x` as it is.

    Returns:
        `x`, or a tensor `[N, …, channels + num_classes]`.
    """
    if num_classes is None or conditioning != "concat":
        return x
    one_hot = _one_hot(num_classes)(inputs[1])
    if len(x.shape) > 2:
        places = x.shape[1:-1]
        one_hot = layers.RepeatVector(math.prod(places))(one_hot)
        one_hot = layers.Reshape([*places, num_classes])(one_hot)
    return layers.Concatenate()([x, one_hot])


def judge(
    inputs,
    features,
    name,
    num_classes=None,
    conditioning="projection",
    heads=None,
    logits_from=None,
    dense=layers.Dense,
):
    """Returns the discriminator that judges by features.

    Its logit is a linear function of the features; by projection, plus the inner
    product of the features and the label's embedding.

    Args:
        inputs: As `sample_inputs` returns them.
        features: Tensor `[N, D]`.
        name: Of the model.
        num_classes: Number of classes, or None.
        conditioning: `"projection"`, or another, of which no more is to be done.
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
    if num_classes is not None and conditioning == "projection":
        embedding = layers.Embedding(num_classes, features.shape[-1], name="projection")
        inner = ops.sum(embedding(inputs[1]) * features, axis=-1, keepdims=True)
        logits = layers.Add(dtype="float32")([logits, inner])
    inputs = inputs if len(inputs) > 1 else inputs[0]
    outputs = {"logits": logits, **heads} if heads else logits
    return keras.Model(inputs, outputs, name=name)


def check_conditioning(conditioning, known):
    """Raises a `ValueError` unless a network knows this way for labels to enter."""
    if conditioning not in known:
        raise invalid(
            f"`conditioning` must be one of {', '.join(map(repr, known))}.",
            {"conditioning": conditioning},
            f"Use {known[0]!r}.",
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
