"""The ONNX format: one self-contained file, standard operators only."""

import collections
import contextlib
import json
import logging

import onnx
import tf2onnx
from onnx import AttributeProto

from kgan_export.errors import ExportError
from kgan_export.runtime import METADATA_KEY, Sampler

SUFFIX = ".onnx"
STANDARD = ("", "ai.onnx")  # two names of one domain


def write(generator, signature, metadata, path, opset):
    """Converts a generator and writes one ONNX file.

    Args:
        generator: Functional `keras.Model` on `z` or `[z, label]`.
        signature: Its `Signature`.
        metadata: JSON-ready dict, stored under the key `kgan`.
        path: `Path` of the file.
        opset: Version of the ai.onnx operators.

    Returns:
        A `collections.Counter` of the operators.

    Raises:
        ExportError: If the conversion fails or leaves ai.onnx.
    """
    function = signature.function(generator)
    try:
        with _quiet():
            model, _ = tf2onnx.convert.from_function(
                function, function.input_signature, opset=opset
            )
    except Exception as error:  # tf2onnx raises whatever the graph provokes
        raise ExportError(f"The conversion to ONNX failed: {error}") from error
    operators = _require_standard_operators(model)
    _name(model, signature, metadata)
    onnx.save(model, path)
    try:
        onnx.checker.check_model(path, full_check=True)
    except Exception as error:
        raise ExportError(f"onnx.checker refuses the file: {error}") from error
    return operators


def run(paths, batches):
    """Runs ONNX files as an application would, one call a batch.

    Args:
        paths: Paths of the files.
        batches: List of `(z, label or None)`.

    Returns:
        For each file, the list of its outputs, in its layout and dtype.
    """
    samplers = [Sampler(path, providers=["CPUExecutionProvider"]) for path in paths]
    return [
        [sampler.generate(z, label, batch_size=len(z)) for z, label in batches]
        for sampler in samplers
    ]


def _require_standard_operators(model):
    """Counts the operators; tf2onnx leaves those that it cannot convert in place."""
    nodes = list(_nodes(model.graph))
    foreign = {
        node.op_type
        for node in nodes
        if node.domain not in STANDARD or not onnx.defs.has(node.op_type)
    }
    if foreign:
        raise ExportError(
            "The generator needs operators outside ai.onnx: "
            f"{', '.join(sorted(foreign))}. Replace the layers that they come from."
        )
    return collections.Counter(node.op_type for node in nodes)


def _nodes(graph):
    """All nodes of a graph and of the graphs inside its loops and branches."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _nodes(attribute.g)
            for subgraph in attribute.graphs:
                yield from _nodes(subgraph)


def _name(model, signature, metadata):
    """Gives the file its metadata, and the batch dimension its name."""
    model.producer_name, model.producer_version = "kgan", metadata["kgan_version"]
    model.graph.name = metadata["architecture"]
    standard = [entry for entry in model.opset_import if entry.domain in STANDARD]
    del model.opset_import[:]
    model.opset_import.extend(standard)
    if signature.static_batch is None:
        for value in (*model.graph.input, *model.graph.output):
            value.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(metadata)})


@contextlib.contextmanager
def _quiet():
    """Silences tf2onnx: what it only logs is found again by the checks that follow."""
    loggers = [logging.getLogger("tf2onnx"), logging.getLogger("tensorflow")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
