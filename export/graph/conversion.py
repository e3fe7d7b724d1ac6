"""The ONNX graph of a Keras network as tf2onnx makes it, before any rewrite."""

import collections
import contextlib
import logging
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import AttributeProto

from kgan_export.errors import ExportError
from kgan_export.graph import operators  # noqa: F401 - tf2onnx knows them then

# Of a protobuf, with room for the graph itself.
MAX_BYTES = 2**31 - 2**24
STANDARD = ("", "ai.onnx")  # two names of one domain


def convert(network, interface, opset):
    """Converts a network as it is, with float outputs.

    Args:
        network: Functional `keras.Model`.
        interface: Its `Interface`.
        opset: Version of the ai.onnx operators.

    Returns:
        An `onnx.ModelProto`.

    Raises:
        ExportError: If the conversion fails or leaves ai.onnx.
    """
    function = interface.as_floats().function(network)
    is_large = 4 * network.count_params() > MAX_BYTES
    try:
        with _quiet(), _old_numpy(), _inlined():
            model, tensors = tf2onnx.convert.from_function(
                function, function.input_signature, opset=opset, large_model=is_large
            )
            if is_large:
                model = _join(model, tensors)
        _fix_constants(model, function)
    except Exception as error:  # tf2onnx raises whatever the graph provokes
        raise ExportError(f"The conversion to ONNX failed: {error}") from error
    count_operators(model)
    return model


def size_of_weights(model):
    """Bytes of the weights of an `onnx.ModelProto`."""
    return sum(len(tensor.raw_data) for tensor in model.graph.initializer)


def count_operators(model):
    """Counts the operators.

    Args:
        model: `onnx.ModelProto`.

    Returns:
        A `collections.Counter`.

    Raises:
        ExportError: If one is outside ai.onnx: tf2onnx leaves what it cannot convert.
    """
    nodes = list(_nodes(model.graph))
    foreign = {
        node.op_type: node.name
        for node in reversed(nodes)
        if node.domain not in STANDARD or not onnx.defs.has(node.op_type)
    }
    if foreign:
        places = [f"{kind} in {name}" for kind, name in sorted(foreign.items())]
        raise ExportError(
            f"The network needs operators outside ai.onnx: {', '.join(places)}. "
            "Replace the layers that they come from."
        )
    return collections.Counter(node.op_type for node in nodes)


def _fix_constants(model, function):
    """Puts tensors that layers hold beside their weights into the file.

    tf2onnx takes what a traced function captured, but no variable, for an input.
    """
    graph = function.get_concrete_function(*function.input_signature).graph
    captured = {inner.name: outer for outer, inner in graph.captures}
    for value in [x for x in model.graph.input if x.name in captured]:
        array = captured[value.name].numpy()
        model.graph.initializer.append(onnx.numpy_helper.from_array(array, value.name))
        model.graph.input.remove(value)


def _nodes(graph):
    """All nodes of a graph and of the graphs inside its loops and branches."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _nodes(attribute.g)
            for subgraph in attribute.graphs:
                yield from _nodes(subgraph)


def _join(model, tensors):
    """A model whose weights tf2onnx keeps apart, with the weights inside."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "model.zip")
        tf2onnx.utils.save_onnx_zip(str(archive), model, tensors)
        with zipfile.ZipFile(archive) as files:
            files.extractall(folder)
        return onnx.load(Path(folder, "__MODEL_PROTO.onnx"))


@contextlib.contextmanager
def _old_numpy():
    """Gives NumPy 2 the name that tf2onnx 1.17 still uses for large models."""
    missing = not hasattr(np, "product")
    if missing:
        np.product = np.prod
    try:
        yield
    finally:
        if missing:
            del np.product


@contextlib.contextmanager
def _inlined():
    """Traces functions inside functions as part of them.

    Keras compiles some convolutions, such as those of groups, as functions of their
    own, which tf2onnx would leave as they are.
    """
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


@contextlib.contextmanager
def _quiet():
    """Silences tf2onnx: what it only logs is found again by the checks that follow."""
    loggers = [logging.getLogger("tf2onnx"), logging.getLogger("tensorflow")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
