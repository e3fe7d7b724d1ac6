"""The layers of an ONNX graph that a reduction of precision may leave in float."""

HEAVY = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def name_nodes(model):
    """A copy of an `onnx.ModelProto` in which every node has a name."""
    named = type(model)()
    named.CopyFrom(model)
    for node in named.graph.node:
        node.name = node.name or node.output[0]
    return named


def heavy_layers(model, op_types=HEAVY):
    """Dict from layers with weights to the names of their nodes, in order: the phases
    of one layer belong together.

    Args:
        model: `onnx.ModelProto` whose nodes have names.
        op_types: Operators that count as heavy.
    """
    layers = {}
    constants = {tensor.name for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in op_types and node.input[1] in constants:
            layers.setdefault(node.name.split("/phase")[0], []).append(node.name)
    return layers
