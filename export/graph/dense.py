"""Dense layers in a form that runtimes compute in one step, activation included."""

from onnx import helper

from kgan_export.graph.first_transpose import ELEMENTWISE


def activate_first(graph, record):
    """Puts an activation before the reshape that it follows, next to the dense layer.

    Args:
        graph: The `Graph`.
        record: The `Record` that tells what was done.
    """
    for node in (x for op_type in ELEMENTWISE for x in graph.nodes(op_type)):
        name = node.output[0]
        reshape = graph.producer(node.input[0], "Reshape")
        if reshape is None:
            continue
        if graph.producer(reshape.input[0], "Add", "MatMul") is None:
            record.leave(name, "no dense layer stands before the reshape")
            continue
        flat = f"{name}/flat"
        node.input[0], reshape.input[0] = reshape.input[0], flat
        reshape.output[0], node.output[0] = name, flat
        graph.replace([reshape, node], [node, reshape])
        record.did(name)


def join_bias(graph, record):
    """Makes one operator of each product with a matrix and the bias added to it.

    The int8 kernels want it so; it is none of `PASSES`.

    Args:
        graph: The `Graph`, of known shapes.
        record: The `Record` that tells what was done.
    """
    for add in graph.nodes("Add"):
        product = graph.producer(add.input[0], "MatMul")
        if product is None:
            continue
        kernel, bias = (graph.constant(x.input[1]) for x in (product, add))
        name = add.output[0]
        if kernel is None or bias is None:
            record.leave(name, "its kernel or its bias is computed")
        elif bias.shape != kernel.shape[1:]:
            record.leave(name, "its bias is not one number a unit")
        elif len(graph.shape(product.input[0]) or []) != 2:
            record.leave(name, "its input is no matrix")
        else:
            inputs = [*product.input, add.input[1]]
            dense = helper.make_node("Gemm", inputs, add.output, product.name)
            graph.replace([product, add], [dense])
            record.did(name)
