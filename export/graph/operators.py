"""TensorFlow's operators that tf2onnx 1.17 lacks, by others that ai.onnx has.

Importing the module makes tf2onnx know them. Keras's activations and layers need them.
"""

import numpy as np
from tf2onnx import utils
from tf2onnx.handler import tf_op
from tf2onnx.onnx_opset.nn import ConvOp


def _put(ctx, node, build):
    """Puts what `build` makes in the place of a node of one output.

    Args:
        ctx: tf2onnx's graph.
        node: The node.
        build: Function of `make`, which makes a node of the same type of one input and
            returns its output, and of `constant`, which makes a number; it returns the
            operator and the inputs of the last one.
    """
    (shape,), (dtype,) = node.output_shapes, node.output_dtypes

    def name():
        return utils.make_name(node.name)

    def make(op_type, x):
        return ctx.make_node(op_type, [x], name=name(), dtypes=[dtype]).output[0]

    def constant(value):
        array = np.array(value, utils.map_onnx_to_numpy_type(dtype))
        return ctx.make_const(name(), array).output[0]

    op_type, *inputs = build(make, constant)
    outputs = list(node.output)
    ctx.remove_node(node.name)
    ctx.make_node(op_type, inputs, outputs=outputs, shapes=[shape], dtypes=[dtype])


@tf_op("Erfc")
class Erfc:
    """`1 - erf(x)`; Keras's GELU."""

    @classmethod
    def version_9(cls, ctx, node, **kwargs):
        (x,) = node.input
        _put(ctx, node, lambda make, number: ("Sub", number(1.0), make("Erf", x)))


@tf_op("Expm1")
class Expm1:
    """`exp(x) - 1`; Keras's CELU."""

    @classmethod
    def version_7(cls, ctx, node, **kwargs):
        (x,) = node.input
        _put(ctx, node, lambda make, number: ("Sub", make("Exp", x), number(1.0)))


@tf_op("Conv3D")
class Conv3D:
    """As tf2onnx converts it, with the groups that it forgets."""

    @classmethod
    def version_13(cls, ctx, node, **kwargs):
        channels_last = node.attr["data_format"].s == b"NDHWC"
        channels = ctx.get_shape(node.input[0])[-1 if channels_last else 1]
        groups = channels // ctx.get_shape(node.input[1])[-2]
        ConvOp.version_13(ctx, node, **kwargs)
        node.set_attr("group", groups)
