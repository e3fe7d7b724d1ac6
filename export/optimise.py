"""Optimisation of an ONNX graph: fewer operators and less work, the same samples."""

import onnxslim

from kgan_export.dense import activate_first
from kgan_export.first_transpose import drop_first_transpose
from kgan_export.interleave import interleave
from kgan_export.last_upsampling import merge_last
from kgan_export.upsampling import merge_upsampling, split_phases


def optimise(model, layout="nchw"):
    """Rewrites a graph into one that computes the same with less work.

    Args:
        model: `onnx.ModelProto` of ai.onnx operators; left as it is.
        layout: Order of the axes that the kernels of its convolutions want: `"nchw"` or
            `"nhwc"`.

    Returns:
        An `onnx.ModelProto` of ai.onnx operators. The caller compares its samples.
    """
    # Folds constants and shapes, shares initializers, drops what nothing reads.
    model = onnxslim.slim(model)
    if layout == "nchw":
        drop_first_transpose(model)
    activate_first(model)
    merge_upsampling(model)
    split_phases(model)
    merge_last(model)
    model = onnxslim.slim(model)
    interleave(model)
    return model
