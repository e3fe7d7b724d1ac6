"""The transpose between a dense layer and the first convolution."""

import numpy as np

from kgan_export.graph import CHANNELS_FIRST, Graph

ELEMENTWISE = ("Relu", "LeakyRelu", "Elu", "Selu", "Tanh", "Sigmoid", "Softplus")


def drop_first_transpose(model):
    """Lets a dense layer compute its units in the order of channels that ONNX uses.

    Instead of a transpose of `[N, height, width, channels]` at each run, the columns of
    the kernel are put in another order once.

    Args:
        model: `onnx.ModelProto`, changed in place.
    """
    graph = Graph(model.graph)
    for transpose in graph.nodes("Transpose"):
        if list(transpose.attribute[0].ints) != CHANNELS_FIRST:
            continue
        reshape = graph.producer(_before(graph, transpose.input[0]), "Reshape")
        if reshape is None:
            continue
        flat = _before(graph, reshape.input[0])
        add = graph.producer(flat, "Add")
        product = graph.producer(add.input[0] if add else flat, "MatMul")
        shape = graph.constant(reshape.input[1])
        linear = [node for node in (product, add) if node is not None]
        weights = [graph.constant(node.input[1]) for node in linear]
        if product is None or shape is None or len(shape) != 4:
            continue
        units = int(np.prod(shape[1:]))
        if any(w is None or w.shape[-1:] != (units,) for w in weights):
            continue
        order = np.arange(units).reshape(shape[1:]).transpose(2, 0, 1).ravel()
        for node, weight in zip(linear, weights, strict=True):
            name = graph.add_constant(f"{node.output[0]}/ordered", weight[..., order])
            node.input[1] = name
        shape = shape[CHANNELS_FIRST]
        reshape.input[1] = graph.add_constant(f"{reshape.output[0]}/shape", shape)
        graph.bypass(transpose)


def _before(graph, name):
    """What the activations that compute a name read; without one, the name itself."""
    while (activation := graph.producer(name, *ELEMENTWISE)) is not None:
        name = activation.input[0]
    return name
