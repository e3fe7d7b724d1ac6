"""Exact rewrites of upsampling in an ONNX graph into convolutions at low resolution.

A nearest upsampling and the convolution after it are one transposed convolution. That
is a convolution for each phase of its stride, followed by DepthToSpace: less work, and
convolutions are what the runtimes' best kernels, int8 ones among them, exist for.
"""

import numpy as np
from onnx import helper

from kgan_export.graph import Graph, attributes

# Below, blocked kernels would compute channels that nobody needs.
MIN_PHASE_CHANNELS = 16


def merge_upsampling(model):
    """Merges each nearest upsampling by 2 with the convolution that alone reads it.

    A 1×1 convolution goes before the upsampling, where it has a quarter of the work; a
    larger one becomes a transposed convolution, for which 3×3 has 4/9 of the work.

    Args:
        model: `onnx.ModelProto`, changed in place.
    """
    graph = Graph(model.graph)
    for convolution in graph.nodes("Conv"):
        kernel = graph.constant(convolution.input[1])
        resize = graph.producer(convolution.input[0], "Resize")
        if (
            resize is None
            or not _doubles(graph, resize)
            or not _keeps_size(convolution, kernel)
        ):
            continue
        source, (output,) = resize.input[0], convolution.output
        if kernel.shape[-1] == 1:
            low = f"{output}/low"
            convolution.input[0], convolution.output[0] = source, low
            resize.input[0], resize.output[0] = low, output
            graph.replace([resize, convolution], [convolution, resize])
            continue
        transposed = helper.make_node(
            "ConvTranspose",
            [
                source,
                graph.add_constant(f"{output}/kernel", _doubled(kernel)),
                *convolution.input[2:],
            ],
            [output],
            kernel_shape=[size + 1 for size in kernel.shape[2:]],
            strides=[2, 2],
            pads=attributes(convolution)["pads"],
        )
        graph.replace([resize, convolution], [transposed])


def _doubles(graph, resize):
    """Whether a Resize repeats each pixel 2×2."""
    facts = attributes(resize)
    scales = graph.constant(resize.input[2]) if len(resize.input) > 2 else None
    return (
        scales is not None
        and scales.tolist() == [1, 1, 2, 2]
        and facts.get("mode") == b"nearest"
        and facts.get("coordinate_transformation_mode") == b"asymmetric"
        and facts.get("nearest_mode") == b"floor"
    )


def _keeps_size(convolution, kernel):
    """Whether a 2-D convolution is plain, of stride 1 and with equal padding."""
    if kernel is None or kernel.ndim != 4:
        return False
    facts = attributes(convolution)
    pads = [size // 2 for size in kernel.shape[2:]] * 2
    return (
        all(size % 2 for size in kernel.shape[2:])
        and facts.get("pads", [0] * 4) == pads
        and facts.get("strides", [1, 1]) == [1, 1]
        and facts.get("dilations", [1, 1]) == [1, 1]
        and facts.get("group", 1) == 1
    )


def _doubled(kernel):
    """Kernel `[in, out, k + 1, k + 1]` of stride 2 that equals repetition followed by
    the kernel `[out, in, k, k]`: input i reaches output o through the taps o - 2i and
    o - 2i - 1."""
    flipped = kernel[:, :, ::-1, ::-1].swapaxes(0, 1)
    return sum(
        np.pad(flipped, [(0, 0), (0, 0), (row, 1 - row), (column, 1 - column)])
        for row in (0, 1)
        for column in (0, 1)
    )


def split_phases(model):
    """Replaces transposed convolutions of stride 2 by convolutions and DepthToSpace.

    Output `2q + p` of a transposed convolution takes the taps of one parity only: those
    of each phase `p` are a small convolution. A ReLU goes before DepthToSpace, where a
    runtime merges it into the convolutions.

    Args:
        model: `onnx.ModelProto`, changed in place.
    """
    graph = Graph(model.graph)
    for node in graph.nodes("ConvTranspose"):
        kernel = graph.constant(node.input[1])
        if kernel is None or not _has_phases(node, kernel):
            continue
        name, bias = node.output[0], node.input[2:]
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


def _has_phases(node, kernel):
    """Whether the four phases of a transposed convolution have equal sizes."""
    facts = attributes(node)
    pads = facts.get("pads", [0] * 4)
    return (
        kernel.ndim == 4
        and kernel.shape[1] >= MIN_PHASE_CHANNELS
        and facts.get("strides") == [2, 2]
        and facts.get("group", 1) == 1
        and facts.get("dilations", [1, 1]) == [1, 1]
        and facts.get("auto_pad", b"NOTSET") == b"NOTSET"
        and not any(facts.get("output_padding", []))
        and "output_shape" not in facts
        and all(
            (size - begin - end) % 2 == 0 and size > max(begin, end) + 1
            for size, begin, end in zip(
                kernel.shape[2:], pads[:2], pads[2:], strict=True
            )
        )
    )


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
