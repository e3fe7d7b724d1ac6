"""DepthToSpace with channels innermost, where pixels move as whole runs of numbers."""

import numpy as np
from onnx import helper

from kgan_export.graph.graph import CHANNELS_FIRST, CHANNELS_LAST, attributes

# Numbers that move at once. Below, runtimes' own DepthToSpace is faster.
MIN_RUN = 8


def interleave(graph, record):
    """Replaces DepthToSpace by transposes that move many numbers at once.

    With channels first, runtimes move one number at a time. With channels last it is a
    swap of two axes, and they leave their blocked layouts in either order.

    Args:
        graph: The `Graph`, of known shapes.
        record: The `Record` that tells what was done.
    """
    for node in graph.nodes("DepthToSpace"):
        (output,), options = node.output, attributes(node)
        block, shape = options["blocksize"], graph.shape(node.input[0])
        if shape is None or None in shape[1:]:
            record.leave(output, "its size is not known")
            continue
        if options.get("mode", b"DCR") != b"DCR":
            record.leave(output, "its channels are in another order")
            continue
        _, channels, height, width = shape
        run = channels // block
        if run < MIN_RUN:
            record.leave(output, f"only {run} numbers lie side by side")
            continue
        sizes = {
            "rows": [0, height, width, block, run],
            "map": [0, block * height, block * width, run // block],
        }
        for name, size in sizes.items():
            graph.add_constant(f"{output}/{name}/shape", np.array(size))
        last, rows, blocks, whole = (
            f"{output}/{name}" for name in ("last", "rows", "blocks", "map")
        )
        swap = [0, 1, 3, 2, 4]
        new = [
            helper.make_node("Transpose", node.input, [last], last, perm=CHANNELS_LAST),
            helper.make_node("Reshape", [last, f"{rows}/shape"], [rows], rows),
            helper.make_node("Transpose", [rows], [blocks], blocks, perm=swap),
            helper.make_node("Reshape", [blocks, f"{whole}/shape"], [whole], whole),
            helper.make_node("Transpose", [whole], [output], perm=CHANNELS_FIRST),
        ]
        graph.replace([node], new)
        record.did(output)
