"""Runs ONNX graphs on the CPU, written to a file or not."""

import onnxruntime


def run(model, feeds):
    """Runs an `onnx.ModelProto` on the CPU.

    Args:
        model: The `onnx.ModelProto`, of less than 2 GB.
        feeds: List of dicts from names of inputs to arrays.

    Returns:
        For each of them, the list of outputs.
    """
    session = open_session(model.SerializeToString())
    return [session.run(None, feed) for feed in feeds]


def open_session(model, fused=True):
    """Returns an onnxruntime session on the CPU.

    Args:
        model: Path of a file, or its bytes.
        fused: Whether operators may be joined, as applications do. Otherwise what is
            quantised is computed in float and rounded where the file says so: without
            the integer kernels, which differ between processors.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # of weights that the next rewrite will drop
    if not fused:
        options.graph_optimization_level = (
            onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        )
    return onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"]
    )
