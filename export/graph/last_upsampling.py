"""The last upsampling: few channels, computed from the phases of the layer before.

A transposed convolution to the channels of an image is too narrow for a runtime's best
kernels, and needs a large map that DepthToSpace puts together from phases. But all
outputs in a block of 4×4 come from 2×2 neighbours in each phase: they are the channels
of one convolution, and only the image is put together.
"""

import itertools

import numpy as np
from onnx import helper

from kgan_export.graph.graph import attributes

# Wider ones would waste more work, most of it by zeros, than they save.
MAX_CHANNELS = 4


def merge_last(graph, record):
    """Lets transposed convolutions to few channels read the phases of their input.

    Args:
        graph: The `Graph`.
        record: The `Record` that tells what was done.
    """
    for node in graph.nodes("ConvTranspose"):
        kernel = graph.constant(node.input[1])
        space = graph.producer(node.input[0], "DepthToSpace")
        (output,) = node.output
        if (reason := _obstacle(node, kernel, space)) is not None:
            record.leave(output, reason)
            continue
        old = [space, node]
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
            # Of one channel both orders are the same, and some tools know only CRD.
            helper.make_node(
                "DepthToSpace",
                [blocks],
                [large],
                blocksize=4,
                mode="CRD" if kernel.shape[1] == 1 else "DCR",
            ),
            helper.make_node("Slice", [large, *crop], [output]),
        ]
        graph.replace(old, new)
        record.did(output)


def _obstacle(node, kernel, space):
    """Why a transposed convolution must stay, or `None` if it need not."""
    if kernel is None:
        return "its kernel is computed"
    if space is None:
        return "its input is not put together from phases for it alone"
    if kernel.shape[1] > MAX_CHANNELS:
        return f"it has more than {MAX_CHANNELS} channels"
    options, source = attributes(node), attributes(space)
    if source["blocksize"] != 2 or source.get("mode", b"DCR") != b"DCR":
        return "its input has other phases than those of stride 2"
    if not (
        kernel.shape[2:] == (4, 4)
        and options.get("strides") == [2, 2]
        and options.get("pads") == [1] * 4
        and options.get("group", 1) == 1
        and options.get("dilations", [1, 1]) == [1, 1]
        and options.get("auto_pad", b"NOTSET") == b"NOTSET"
        and not any(options.get("output_padding", []))
        and "output_shape" not in options
    ):
        return "it is not 4×4 of stride 2 with padding 1"
    return None


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
