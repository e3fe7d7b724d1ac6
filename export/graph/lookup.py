"""Rows of a table that a label looks up, in a shape that every runtime knows."""

import numpy as np
from onnx import helper


def flatten_lookup(graph, record):
    """Tells the shape of the rows that a vector of labels looks up: `[N, size]`.

    Runtimes without vectors, such as OpenCV 4, take labels `[N]` for a column and give
    rows `[N, 1, size]`. Elsewhere the reshape moves nothing.

    Args:
        graph: The `Graph`.
        record: The `Record` that tells what was done.
    """
    inputs = {x.name for x in graph.model.graph.input}
    for node in graph.nodes("Gather"):
        (output,), table = node.output, graph.constant(node.input[0])
        if node.input[1] not in inputs or len(graph.shape(node.input[1]) or []) != 1:
            record.leave(output, "no vector of labels looks it up")
            continue
        if table is None or table.ndim != 2:
            record.leave(output, "it is looked up in no table of rows")
            continue
        rows = f"{output}/rows"
        node.output[0] = rows
        # 0: as many as there are.
        shape = graph.add_constant(f"{rows}/shape", np.array([0, table.shape[1]]))
        flat = helper.make_node("Reshape", [rows, shape], [output])
        graph.replace([node], [node, flat])
        record.did(output)
