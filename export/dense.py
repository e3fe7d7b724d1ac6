"""Dense layers in a form that runtimes compute in one step, activation included."""

from onnx import helper

from kgan_export.first_transpose import ELEMENTWISE
from kgan_export.graph import Graph


def activate_first(model):
    """Puts an activation before the reshape that it follows, next to the dense layer.

    Args:
        model: `onnx.ModelProto`, changed in place.
    """
    graph = Graph(model.graph)
    for node in (x for op_type in ELEMENTWISE for x in graph.nodes(op_type)):
        reshape = graph.producer(node.input[0], "Reshape")
        if reshape is not None and graph.producer(reshape.input[0], "Add", "MatMul"):
            flat = f"{node.output[0]}/flat"
            node.input[0], reshape.input[0] = reshape.input[0], flat
            reshape.output[0], node.output[0] = node.output[0], flat
            graph.replace([reshape, node], [node, reshape])


def join_bias(model):
    """Makes one operator of each product with a matrix and the bias added to it.

    Args:
        model: `onnx.ModelProto` of known shapes, changed in place.
    """
    graph = Graph(model.graph)
    for add in graph.nodes("Add"):
        product = graph.producer(add.input[0], "MatMul")
        kernel, bias = (
            graph.constant(x.input[1]) if x is not None else None
            for x in (product, add)
        )
        if (
            kernel is not None
            and bias is not None
            and bias.shape == kernel.shape[1:]
            and len(graph.shape(product.input[0]) or []) == 2
        ):
            inputs = [*product.input, add.input[1]]
            dense = helper.make_node("Gemm", inputs, add.output, product.name)
            graph.replace([product, add], [dense])
