"""Transposed convolutions of stride 2 as a convolution for each phase.

DepthToSpace puts the phases together: less work, and convolutions are what the
runtimes' best kernels, int8 ones among them, exist for.
"""

import numpy as np
from onnx import helper

from kgan_export.graph.graph import attributes

# Below, blocked kernels would compute channels that nobody needs.
MIN_PHASE_CHANNELS = 16


def split_phases(graph, record):
    """Replaces transposed convolutions of stride 2 by convolutions and DepthToSpace.

    Output `2q + p` of a transposed convolution takes the taps of one parity only: those
    of each phase `p` are a small convolution. A ReLU goes before DepthToSpace, where a
    runtime merges it into the convolutions.

    Args:
        graph: The `Graph`.
        record: The `Record` that tells what was done.
    """
    for node in graph.nodes("ConvTranspose"):
        kernel = graph.constant(node.input[1])
        name, bias = node.output[0], node.input[2:]
        if (reason := _obstacle(node, kernel)) is not None:
            record.leave(name, reason)
            continue
        pads = attributes(node).get("pads", [0] * 4)
        relu = graph.reader(name, "Relu")
        new, parts = [], []
        for p in (0, 1):
            for q in (0, 1):
                part = f"{name}/phase{p}{q}"
                rows, *row_pads = _phase(p, kernel.shape[2], pads[0], pads[2])
                columns, *column_pads = _phase(q, kernel.shape[3], pads[1], pads[3])
                taps = kernel[:, :, rows, columns].swapaxes(0, 1)
                taps = graph.add_constant(f"{part}/kernel", np.ascontiguousarray(taps))
                convolution = helper.make_node(
                    "Conv",
                    [node.input[0], taps, *bias],
                    [part],
                    part,
                    pads=np.ravel([row_pads, column_pads], "F").tolist(),
                )
                new.append(convolution)
                if relu is not None:
                    new.append(helper.make_node("Relu", [part], [f"{part}/relu"]))
                parts.append(new[-1].output[0])
        output = name if relu is None else relu.output[0]
        new += [
            helper.make_node("Concat", parts, [f"{name}/phases"], axis=1),
            helper.make_node("DepthToSpace", [f"{name}/phases"], [output], blocksize=2),
        ]
        graph.replace([node] if relu is None else [node, relu], new)
        record.did(output)


def _obstacle(node, kernel):
    """Why a transposed convolution must stay, or `None` if its four phases have equal
    sizes."""
    if kernel is None:
        return "its kernel is computed"
    if kernel.ndim != 4:
        return "it is not of images"
    if kernel.shape[1] < MIN_PHASE_CHANNELS:
        return f"it has fewer than {MIN_PHASE_CHANNELS} channels"
    options = attributes(node)
    if not (
        options.get("strides") == [2, 2]
        and options.get("group", 1) == 1
        and options.get("dilations", [1, 1]) == [1, 1]
        and options.get("auto_pad", b"NOTSET") == b"NOTSET"
        and not any(options.get("output_padding", []))
        and "output_shape" not in options
    ):
        return "it is not plain, of stride 2"
    pads = options.get("pads", [0] * 4)
    if not all(
        (size - begin - end) % 2 == 0 and size > max(begin, end) + 1
        for size, begin, end in zip(kernel.shape[2:], pads[:2], pads[2:], strict=True)
    ):
        return "its phases differ in size"
    return None


def _phase(p, size, begin, end):
    """The taps of output phase `p` along one axis, and their convolution's padding.

    Output `2q + p` adds `w[t] x[q + shift - m]`, where `t = 2m + (p + begin) % 2` and
    `shift = (p + begin) // 2`.
    """
    shift, first = divmod(p + begin, 2)
    count = len(range(first, size, 2))
    before = count - 1 - shift
    # As many outputs as half of the whole.
    after = count - 1 - before + (size - 2 - begin - end) // 2
    last = first + 2 * (count - 1)
    taps = slice(last, first - 1 if first else None, -2)
    return taps, before, after
