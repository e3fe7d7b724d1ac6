"""How labels enter the two players."""

import keras
from keras import layers, ops

# Wide enough for the class to matter from the first step, and narrow enough beside the
# code for samples of a class to differ: at 64 beside a code of 64 they hardly did.
EMBEDDING_DIM = 24


def code_inputs(latent_dim, num_classes=None):
    """Returns a generator's inputs, and its code with the label embedded beside it.

    The embedding starts as strong as the code, N(0, 1).

    Args:
        latent_dim: Size of the code.
        num_classes: Number of classes, or None.

    Returns:
        The input or inputs, and a tensor of shape `[N, latent_dim]`, or
        `[N, latent_dim + EMBEDDING_DIM]` with classes.
    """
    z = keras.Input([latent_dim], name="z")
    if num_classes is None:
        return z, z
    label = keras.Input([], dtype="int64", name="label")
    initializer = keras.initializers.RandomNormal(stddev=1.0)
    embedded = layers.Embedding(num_classes, EMBEDDING_DIM, initializer)(label)
    return [z, label], layers.Concatenate()([z, embedded])


def projection_logits(sample, features, num_classes=None, dense=layers.Dense):
    """Returns a discriminator's inputs and logits, by projection if there is a label.

    The logit is a linear function of the features, plus the inner product of the
    features and the label's embedding.

    Args:
        sample: The discriminator's input.
        features: Tensor `[N, D]`.
        num_classes: Number of classes, or None.
        dense: Layer class of the linear function.

    Returns:
        The input or inputs, and logits `[N, 1]`.

    Reference:

    - [Miyato and Koyama, 2018](https://arxiv.org/abs/1802.05637)
    """
    logits = dense(1, dtype="float32", name="logits")(features)
    if num_classes is None:
        return sample, logits
    label = keras.Input([], dtype="int64", name="label")
    embedded = layers.Embedding(num_classes, features.shape[-1], name="projection")(
        label
    )
    inner = ops.sum(embedded * features, axis=-1, keepdims=True)
    return [sample, label], layers.Add(dtype="float32")([logits, inner])
