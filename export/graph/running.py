"""Runs an ONNX graph that was not yet written to a file."""

import onnxruntime


def run(model, feeds):
    """Runs an `onnx.ModelProto` on the CPU.

    Args:
        model: The `onnx.ModelProto`, of less than 2 GB.
        feeds: List of dicts from names of inputs to arrays.

    Returns:
        For each of them, the list of outputs.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # of weights that the next rewrite will drop
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return [session.run(None, feed) for feed in feeds]
