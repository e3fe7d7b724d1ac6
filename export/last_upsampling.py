"""The last upsampling: few channels, computed from the phases of the layer before.

A transposed convolution to the channels of an image is too narrow for a runtime's best
kernels, and needs a large map that DepthToSpace puts together from phases. But all
outputs in a block of 4×4 come from 2×2 neighbours in each phase: they are the channels
of one convolution, and only the image is put together.
"""

import itertools

import numpy as np
from onnx import helper

from kgan_export.graph import Graph, attributes

# Wider ones would waste more work, most of it by zeros, than they save.
MAX_CHANNELS = 4


def merge_last(model):
    """Lets transposed convolutions to few channels read the phases of their input.

    Args:
        model: `onnx.ModelProto`, changed in place.
    """
    graph = Graph(model.graph)
    for node in graph.nodes("ConvTranspose"):
        kernel = graph.constant(node.input[1])
        space = graph.producer(node.input[0], "DepthToSpace")
        if kernel is None or space is None or not _fits(node, kernel, space):
            continue
        (output,), old = node.output, [space, node]
        bias = np.zeros(kernel.shape[1], np.float32)
        if len(node.input) > 2:
            bias = graph.constant(node.input[2])
        add = graph.reader(output, "Add")
        shift = None if add is None else graph.constant(add.input[1])
        if shift is not None and shift.shape == (1, kernel.shape[1], 1, 1):
            bias, output = bias + shift.ravel(), add.output[0]
            old.append(add)
        weights = [
            graph.add_constant(f"{output}/kernel", _blocks(kernel)),
            graph.add_constant(f"{output}/bias", np.tile(bias, 16)),
        ]
        crop = [
            graph.add_constant(f"{output}/{name}", np.array(values))
            for name, values in (("from", [2, 2]), ("to", [-2, -2]), ("axes", [2, 3]))
        ]
        blocks, large = f"{output}/blocks", f"{output}/large"
        new = [
            helper.make_node(
                "Conv", [space.input[0], *weights], [blocks], blocks, pads=[1] * 4
            ),
            helper.make_node("DepthToSpace", [blocks], [large], blocksize=4),
            helper.make_node("Slice", [large, *crop], [output]),
        ]
        graph.replace(old, new)


def _fits(node, kernel, space):
    facts, source = attributes(node), attributes(space)
    return (
        kernel.shape[1] <= MAX_CHANNELS
        and kernel.shape[2:] == (4, 4)
        and facts.get("strides") == [2, 2]
        and facts.get("pads") == [1] * 4
        and facts.get("group", 1) == 1
        and facts.get("dilations", [1, 1]) == [1, 1]
        and facts.get("auto_pad", b"NOTSET") == b"NOTSET"
        and not any(facts.get("output_padding", []))
        and "output_shape" not in facts
        and source["blocksize"] == 2
        and source.get("mode", b"DCR") == b"DCR"
    )


def _blocks(kernel):
    """Kernel `[16 out, 4 in, 2, 2]` of a convolution from phases to blocks.

    Along an axis, output `4n - 2 + s` adds `w[t] x[i]` with `t + 2i = 4n - 1 + s`, and
    input `i = 2(n - 1 + d) + p` is phase `p` of neighbour `d`: `t = 3 + s - 4d - 2p`.
    """
    inputs, outputs = kernel.shape[:2]
    blocks = np.zeros((4, 4, outputs, 2, 2, inputs, 2, 2), kernel.dtype)
    reached = [
        (s, p, d, 3 + s - 4 * d - 2 * p)
        for s, p, d in itertools.product(range(4), range(2), range(2))
        if 0 <= 3 + s - 4 * d - 2 * p < 4
    ]
    for (s, p, d, t), (u, q, e, v) in itertools.product(reached, reached):
        blocks[s, u, :, p, q, :, d, e] = kernel[:, :, t, v].T
    return blocks.reshape(16 * outputs, 4 * inputs, 2, 2)
