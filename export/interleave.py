"""DepthToSpace with channels innermost, where pixels move as whole runs of numbers."""

import numpy as np
from onnx import helper

from kgan_export.graph import CHANNELS_FIRST, CHANNELS_LAST, Graph, attributes

# Numbers that move at once. Below, runtimes' own DepthToSpace is faster.
MIN_RUN = 8


def interleave(model):
    """Replaces DepthToSpace by transposes that move many numbers at once.

    With channels first, runtimes move one number at a time. With channels last it is a
    swap of two axes, and they leave their blocked layouts in either order.

    Args:
        model: `onnx.ModelProto` of known shapes, changed in place.
    """
    graph = Graph(model.graph)
    for node in graph.nodes("DepthToSpace"):
        (output,), facts = node.output, attributes(node)
        block, shape = facts["blocksize"], graph.shape(node.input[0])
        if shape is None or None in shape[1:] or facts.get("mode", b"DCR") != b"DCR":
            continue
        _, channels, height, width = shape
        run = channels // block
        if run < MIN_RUN:
            continue
        shapes = {
            "rows": [0, height, width, block, run],
            "map": [0, block * height, block * width, run // block],
        }
        rows, whole = (
            graph.add_constant(f"{output}/{name}_shape", np.array(values))
            for name, values in shapes.items()
        )
        steps = [
            ("Transpose", "last", [], {"perm": CHANNELS_LAST}),
            ("Reshape", "rows", [rows], {}),
            ("Transpose", "blocks", [], {"perm": [0, 1, 3, 2, 4]}),
            ("Reshape", "map", [whole], {}),
            ("Transpose", None, [], {"perm": CHANNELS_FIRST}),
        ]
        new, x = [], node.input[0]
        for operator, name, constants, settings in steps:
            y = f"{output}/{name}" if name else output
            new.append(helper.make_node(operator, [x, *constants], [y], y, **settings))
            x = y
        graph.replace([node], new)
