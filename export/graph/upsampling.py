"""Nearest upsampling and the convolution after it, as one transposed convolution.

The work is done at the low resolution; `phases.py` makes the result faster still.
"""

import numpy as np
from onnx import helper

from kgan_export.graph.graph import attributes


def merge_upsampling(graph, record):
    """Merges each nearest upsampling by 2 with the convolution that alone reads it.

    A 1×1 convolution goes before the upsampling, where it has a quarter of the work; a
    larger one becomes a transposed convolution, for which 3×3 has 4/9 of the work.

    Args:
        graph: The `Graph`.
        record: The `Record` that tells what was done.
    """
    for convolution in graph.nodes("Conv"):
        kernel = graph.constant(convolution.input[1])
        resize = graph.producer(convolution.input[0], "Resize")
        if resize is None:
            continue
        source, (output,) = resize.input[0], convolution.output
        if not _doubles(graph, resize):
            record.leave(output, "what it reads is no repetition of pixels 2×2")
            continue
        if not _keeps_size(convolution, kernel):
            record.leave(output, "it is no plain convolution that keeps the size")
            continue
        record.did(output)
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
    options = attributes(resize)
    scales = graph.constant(resize.input[2]) if len(resize.input) > 2 else None
    return (
        scales is not None
        and scales.tolist() == [1, 1, 2, 2]
        and options.get("mode") == b"nearest"
        and options.get("coordinate_transformation_mode") == b"asymmetric"
        and options.get("nearest_mode") == b"floor"
    )


def _keeps_size(convolution, kernel):
    """Whether a 2-D convolution is plain, of stride 1 and with equal padding."""
    if kernel is None or kernel.ndim != 4:
        return False
    options = attributes(convolution)
    pads = [size // 2 for size in kernel.shape[2:]] * 2
    return (
        all(size % 2 for size in kernel.shape[2:])
        and options.get("pads", [0] * 4) == pads
        and options.get("strides", [1, 1]) == [1, 1]
        and options.get("dilations", [1, 1]) == [1, 1]
        and options.get("group", 1) == 1
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
