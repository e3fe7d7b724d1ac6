"""Half precision: half the size; inputs and outputs stay as they are."""

import logging

from onnxruntime.quantization.onnx_model import ONNXModel
from onnxruntime.transformers.float16 import convert_float_to_float16

logging.getLogger("onnxruntime.transformers.float16").setLevel(logging.ERROR)


def reduce(model, feeds):
    """Stores and computes in float16 wherever that is possible.

    Args:
        model: `onnx.ModelProto` in float32; left as it is.
        feeds: Unused: float16 needs no calibration.

    Returns:
        The reduced `onnx.ModelProto`, and an empty list of layers in float.
    """
    copy = type(model)()
    copy.CopyFrom(model)
    reduced = convert_float_to_float16(copy, keep_io_types=True)
    ONNXModel(reduced).topological_sort()  # casts of inputs stand last
    return reduced, []
