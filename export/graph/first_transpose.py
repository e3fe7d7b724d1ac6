"""The transpose between a dense layer and the first convolution."""

import numpy as np

from kgan_export.graph.graph import CHANNELS_FIRST

ELEMENTWISE = ("Relu", "LeakyRelu", "Elu", "Selu", "Tanh", "Sigmoid", "Softplus")


def drop_first_transpose(graph, record):
    """Lets a dense layer compute its units in the order of channels that ONNX uses.

    Instead of a transpose of `[N, height, width, channels]` at each run, the columns of
    the kernel are put in another order once.

    Args:
        graph: The `Graph`. Where its kernels want channels last, it is left as it is.
        record: The `Record` that tells what was done.
    """
    for transpose in graph.nodes("Transpose"):
        name = transpose.output[0]
        if list(transpose.attribute[0].ints) != CHANNELS_FIRST:
            continue
        if graph.layout != "nchw":
            record.leave(name, "the kernels want channels last")
            continue
        reshape = graph.producer(_before(graph, transpose.input[0]), "Reshape")
        if reshape is None:
            record.leave(name, "no reshape stands before it, alone")
            continue
        flat = _before(graph, reshape.input[0])
        add = graph.producer(flat, "Add")
        product = graph.producer(add.input[0] if add else flat, "MatMul")
        shape = graph.constant(reshape.input[1])
        linear = [node for node in (product, add) if node is not None]
        weights = [graph.constant(node.input[1]) for node in linear]
        if product is None or shape is None or len(shape) != 4:
            record.leave(name, "what is reshaped is no dense layer's image")
            continue
        units = int(np.prod(shape[1:]))
        if any(w is None or w.shape[-1:] != (units,) for w in weights):
            record.leave(name, "the dense layer's weights are not one column a unit")
            continue
        order = np.arange(units).reshape(shape[1:]).transpose(2, 0, 1).ravel()
        for node, weight in zip(linear, weights, strict=True):
            ordered = f"{node.output[0]}/ordered"
            node.input[1] = graph.add_constant(ordered, weight[..., order])
        shape = shape[CHANNELS_FIRST]
        reshape.input[1] = graph.add_constant(f"{reshape.output[0]}/shape", shape)
        graph.bypass(transpose)
        record.did(name)


def _before(graph, name):
    """What the activations that compute a name read; without one, the name itself."""
    while (activation := graph.producer(name, *ELEMENTWISE)) is not None:
        name = activation.input[0]
    return name
