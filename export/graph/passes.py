"""The rewrites of an ONNX graph in their order, each checked by its samples.

A new rewrite is a function `rewrite(graph, record)` in a file of this folder, and its
line in `PASSES`.
"""

import numpy as np
import onnxslim

from kgan_export.graph.dense import activate_first
from kgan_export.graph.first_transpose import drop_first_transpose
from kgan_export.graph.graph import Graph
from kgan_export.graph.interleave import interleave
from kgan_export.graph.last_upsampling import merge_last
from kgan_export.graph.lookup import flatten_lookup
from kgan_export.graph.phases import split_phases
from kgan_export.graph.record import Record
from kgan_export.graph.running import run
from kgan_export.graph.upsampling import merge_upsampling
from kgan_export.verify import FLOAT_TOLERANCE


def slim(graph, record):
    """Folds constants and shapes, shares initializers, drops what nothing reads."""
    before = len(graph.model.graph.node)
    graph.reset(onnxslim.slim(graph.model))
    record.did(f"{before} operators became {len(graph.model.graph.node)}")


# In this order: what one makes, the next may take up.
PASSES = [
    slim,
    drop_first_transpose,
    activate_first,
    merge_upsampling,
    split_phases,
    merge_last,
    slim,
    interleave,
    flatten_lookup,
]


def optimize(model, layout="nchw", feeds=()):
    """Rewrites a graph into one that computes the same with less work.

    A rewrite that raises, or after which the samples differ, is taken back, and the
    others go on without it.

    Args:
        model: `onnx.ModelProto` of ai.onnx operators; left as it is.
        layout: Order of the axes that the kernels of its convolutions want: `"nchw"` or
            `"nhwc"`.
        feeds: List of dicts from names of inputs to arrays, on which every rewrite is
            checked; without them, none is.

    Returns:
        An `onnx.ModelProto` of ai.onnx operators, and a list of `Record`s, one for each
        of `PASSES`. The caller compares the samples of the whole.
    """
    truth = run(model, feeds) if feeds else []
    graph = Graph(_copy(model), layout)
    records = []
    for rewrite in PASSES:
        before = _copy(graph.model)
        record = apply(rewrite, graph)
        if record.failed is None and record.done and feeds:
            record.failed = _difference(graph.model, feeds, truth)
        if record.failed is not None:
            record.done.clear()
            graph.reset(before)
        records.append(record)
    return graph.model, records


def apply(rewrite, graph):
    """Runs one rewrite; returns its `Record`, which tells the error if it raised."""
    record = Record(rewrite.__name__)
    try:
        rewrite(graph, record)
    except Exception as error:  # one rewrite is no reason to have none
        record.failed = str(error) or type(error).__name__
    return record


def _difference(model, feeds, truth):
    """Why a rewritten model is wrong, or `None` if it gives what it gave."""
    try:
        results = run(model, feeds)
    except Exception as error:  # onnxruntime's errors share no public class
        return f"onnxruntime cannot run the result: {error}"
    for expected, result in zip(truth, results, strict=True):
        for old, new in zip(expected, result, strict=True):
            if old.shape != new.shape:
                return f"the shape {old.shape} became {new.shape}"
            difference = float(np.abs(old - new).max())
            # Written so that a difference that is not a number fails too.
            if not difference <= FLOAT_TOLERANCE:
                return f"the samples changed by {difference:.3g}"
    return None


def _copy(model):
    copy = type(model)()
    copy.CopyFrom(model)
    return copy
