"""What a reduction of precision asks a graph: its heavy layers and its samples."""

import onnxruntime

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


def outputs(model, feed):
    """List of what an `onnx.ModelProto` gives on the CPU."""
    return open_session(model.SerializeToString()).run(None, feed)


def open_session(model, fused=True):
    """Returns an onnxruntime session on the CPU.

    Args:
        model: Path of a file, or its bytes.
        fused: Whether operators may be joined, as applications do. Otherwise what is
            quantised is computed in float and rounded where the file says so: without
            the integer kernels, which differ between processors.
    """
    options = onnxruntime.SessionOptions()
    if not fused:
        options.graph_optimization_level = (
            onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        )
    return onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"]
    )
