"""Folding of batch normalisation into the layer before it."""

import collections

import keras
import numpy as np
from keras import layers

from kgan_export.network.clone import clone_operation

TRANSPOSED = (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose)
LINEAR = (layers.Dense, layers.Conv1D, layers.Conv2D, layers.Conv3D, *TRANSPOSED)


def fold_batch_normalization(generator):
    """Folds each batch normalisation that follows a linear layer into that layer.

    At inference, batch normalisation multiplies each channel and adds to it, as the
    kernel and the bias of a dense layer or a (transposed) convolution can do. A
    `Reshape` may stand between. What follows anything else is left as it is.

    Args:
        generator: Functional `keras.Model` that nothing else shares layers with.

    Returns:
        A functional `keras.Model` that computes the same at inference.
    """
    pairs = _foldable(generator)
    dropped = {id(normalization) for normalization in pairs.values()}
    copies = {}

    def copy(operation):
        if id(operation) in dropped:
            return operation
        changes = {"use_bias": True} if operation in pairs else {}
        copies[operation] = clone_operation(operation, **changes)
        return copies[operation]

    def call(operation, *args, **kwargs):
        return args[0] if id(operation) in dropped else operation(*args, **kwargs)

    folded = keras.models.clone_model(
        generator, clone_function=copy, call_function=call
    )
    for operation, twin in copies.items():
        if operation in pairs:
            twin.set_weights(_folded_weights(operation, pairs[operation]))
        elif isinstance(operation, keras.Layer):
            twin.set_weights(operation.get_weights())
    return folded


def _foldable(model):
    """Dict from linear layers to the batch normalisations that follow them."""
    uses = collections.Counter(
        id(tensor)
        for operation in model.operations
        for node in operation._inbound_nodes
        for tensor in node.input_tensors
    )
    uses.update(id(tensor) for tensor in model.outputs)

    def source(layer):
        """The operation before `layer`, if both are used once and for each other."""
        if len(layer._inbound_nodes) != 1 or uses[id(layer.input)] != 1:
            return None
        operation = layer.input._keras_history.operation
        return operation if len(operation._inbound_nodes) == 1 else None

    pairs = {}
    for layer in model.layers:
        if type(layer) is not layers.BatchNormalization:
            continue
        linear = source(layer)
        if type(linear) is layers.Reshape:
            linear = source(linear)
        if type(linear) in LINEAR and _channels_match(linear, layer):
            pairs[linear] = layer
    return pairs


def _channels_match(linear, normalization):
    rank = len(normalization.input.shape)
    return (
        linear.activation is keras.activations.linear
        and getattr(linear, "data_format", "channels_last") == "channels_last"
        and normalization.axis in (-1, rank - 1)
        and linear.output.shape[-1] % normalization.input.shape[-1] == 0
    )


def _folded_weights(linear, normalization):
    """Kernel and bias of `normalization(linear(x))`, computed in float64."""
    mean, variance, gamma, beta = (
        value if value is None else np.asarray(value, np.float64)
        for value in (
            normalization.moving_mean,
            normalization.moving_variance,
            normalization.gamma,
            normalization.beta,
        )
    )
    scale = 1.0 / np.sqrt(variance + normalization.epsilon)
    scale = scale if gamma is None else scale * gamma
    shift = -mean * scale if beta is None else beta - mean * scale

    # A reshape in between leaves the channels in turn: unit u belongs to u % channels.
    repeats = linear.output.shape[-1] // len(scale)
    scale, shift = np.tile(scale, repeats), np.tile(shift, repeats)

    kernel = np.asarray(linear.kernel, np.float64)
    # Transposed convolutions keep their outputs in the last axis but one.
    kernel *= scale[:, None] if isinstance(linear, TRANSPOSED) else scale
    bias = np.asarray(linear.bias) * scale if linear.use_bias else 0.0
    return [kernel.astype(np.float32), (bias + shift).astype(np.float32)]
