"""Half precision: half the size; inputs and outputs stay as they are."""

import logging

import numpy as np
from onnx import TensorProto
from onnxruntime.quantization.onnx_model import ONNXModel
from onnxruntime.transformers.float16 import convert_float_to_float16

from kgan_export.graph.graph import attributes
from kgan_export.graph.running import run
from kgan_export.precision.heavy_layers import heavy_layers, name_nodes

logging.getLogger("onnxruntime.transformers.float16").setLevel(logging.ERROR)

# Half a grey level, so that no sample is off by more than one.
LARGEST_ERROR = 0.5 / 127.5


def reduce(model, feeds):
    """Stores and computes in float16 wherever that is possible.

    Where a sample would be off by more than half a grey level, the layers nearest to
    the output stay in float32, where rounding shows most.

    Args:
        model: `onnx.ModelProto` in float32 with float outputs; left as it is.
        feeds: List of dicts from names of inputs to arrays. Errors are measured on the
            first.

    Returns:
        The reduced `onnx.ModelProto`, and the names of the layers left in float.
    """
    named = name_nodes(model)
    (truth,) = run(named, feeds[:1])
    nodes = [node.name for node in named.graph.node]
    layers = heavy_layers(named)
    kept = []
    while True:
        first = nodes.index(layers[kept[0]][0]) if kept else len(nodes)
        reduced = _convert(named, nodes[first:])
        (results,) = run(reduced, feeds[:1])
        error = max(np.abs(x - y).max() for x, y in zip(truth, results, strict=True))
        if error <= LARGEST_ERROR or len(kept) == len(layers):
            return reduced, kept
        kept.insert(0, list(layers)[-len(kept) - 1])


def _convert(model, in_float):
    """The model in float16, but for the nodes of the names `in_float`."""
    copy = type(model)()
    copy.CopyFrom(model)
    reduced = convert_float_to_float16(
        copy, keep_io_types=True, node_block_list=in_float
    )
    # The converter gives casts around nodes in float the shapes of other tensors.
    del reduced.graph.value_info[:]
    _drop_casts(reduced.graph)
    ONNXModel(reduced).topological_sort()  # casts of inputs stand last
    return reduced


def _drop_casts(graph):
    """Removes the way through float16 that the converter puts between the nodes in
    float: it would round what they are to keep."""
    rounded = {
        node.output[0]: node.input[0]
        for node in graph.node
        if node.name.endswith("_cast_to_fp16_node")
    }
    made = set()
    for node in list(graph.node):
        if node.op_type != "Cast":
            continue
        if node.output[0] in made:  # once for each node in float that reads it
            graph.node.remove(node)
            continue
        made.add(node.output[0])
        if attributes(node)["to"] == TensorProto.FLOAT:
            node.input[0] = rounded.get(node.input[0], node.input[0])
    read = {name for node in graph.node for name in node.input}
    for node in list(graph.node):
        if node.output[0] in rounded.keys() - read:
            graph.node.remove(node)
