"""The ONNX format: one self-contained file, standard operators only."""

import collections
import contextlib
import json
import logging
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import tf2onnx
from onnx import AttributeProto

from kgan_export import trial, verify
from kgan_export.errors import ExportError
from kgan_export.facts import METADATA_KEY
from kgan_export.files import DATA_SUFFIX, files_of, size_of
from kgan_export.levels import append_levels
from kgan_export.optimise import optimise
from kgan_export.precision import PRECISIONS, judge

SUFFIX, MARKER = ".onnx", None
CALIBRATION_SAMPLES, CALIBRATION_BATCH = 256, 64
# Of a protobuf, with room for the graph itself.
MAX_BYTES = 2**31 - 2**24
STANDARD = ("", "ai.onnx")  # two names of one domain


def make(job):
    """Converts, optimises, reduces, verifies and writes one generator.

    An optimised graph that cannot be made, or that differs from Keras, gives way to the
    plain one, and the report says so.

    Args:
        job: The `Job`.

    Returns:
        Dict with the format's entries of the `Report`.

    Raises:
        ExportError: If the plain graph fails too, or the reduced one differs too much.
    """
    plain = convert(job.generator, job.signature, job.opset)
    full_path, reduced_path = (
        job.path.with_name(f"{job.path.name}.{name}") for name in ("full", "reduced")
    )
    try:
        model = optimise(plain)
        facts = _write_verified(job, model, full_path, PRECISIONS["fp32"])
        if job.precision.layout != "nchw":
            model = optimise(plain, job.precision.layout)
    except Exception as error:  # a faster graph is no reason to have none
        model = plain
        facts = _write_verified(job, model, full_path, PRECISIONS["fp32"])
        facts["notes"] = [f"The graph is not optimised: {error}"]
    facts["nodes_before"] = sum(count_operators(plain).values())
    if job.precision.reduce is None:
        return facts

    fp32_size = sum(size_of(file) for file in files_of(job.path))
    count = job.signature.static_batch or CALIBRATION_BATCH
    starts = range(0, CALIBRATION_SAMPLES, count)
    feeds = [verify.draw(job.source, count, start) for start in starts]
    reduced, in_float = job.precision.reduce(model, feeds)
    facts |= _write_verified(job, reduced, reduced_path, job.precision)
    sessions = [open_session(path) for path in (full_path, reduced_path)]
    unfused = None
    if job.precision.integers:
        unfused = open_session(reduced_path, fused=False)
    facts["reduction"] = judge(*sessions, feeds, unfused) | {
        "size": {"fp32": fp32_size, "reduced": size_of(job.path)},
        "layers_in_float": in_float,
    }
    return facts


def _write_verified(job, model, floats_path, precision):
    """Writes a model with float outputs to `floats_path` and as asked to `job.path`."""
    interfaces = [job.signature.as_floats(), job.signature]
    paths = [floats_path, job.path]
    for interface, path in zip(interfaces, paths, strict=True):
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        write(copy, interface, job.metadata, path)
        operators = count_operators(copy)
    floats, outputs = run(paths, job.signature, job.batches)
    facts = job.verify(floats, outputs, precision)
    return facts | {"operators": dict(operators.most_common())}


def convert(generator, signature, opset):
    """Converts a generator as it is, with float outputs.

    Args:
        generator: Functional `keras.Model` on `[z]` or `[z, label]` and further inputs.
        signature: Its `Signature`.
        opset: Version of the ai.onnx operators.

    Returns:
        An `onnx.ModelProto`.

    Raises:
        ExportError: If the conversion fails or leaves ai.onnx.
    """
    function = signature.as_floats().function(generator)
    is_large = 4 * generator.count_params() > MAX_BYTES
    try:
        with _quiet(), _old_numpy():
            model, tensors = tf2onnx.convert.from_function(
                function, function.input_signature, opset=opset, large_model=is_large
            )
            if is_large:
                model = _join(model, tensors)
    except Exception as error:  # tf2onnx raises whatever the graph provokes
        raise ExportError(f"The conversion to ONNX failed: {error}") from error
    count_operators(model)
    return model


def write(model, signature, metadata, path):
    """Writes a converted generator; weights beyond 2 GB go into `PATH.data`.

    Args:
        model: `onnx.ModelProto` with float outputs; changed in place.
        signature: The `Signature`, whose uint8 outputs are quantised here.
        metadata: JSON-ready dict, stored under the key `kgan`.
        path: `Path` of the file.

    Raises:
        ExportError: If onnx.checker refuses the file.
    """
    append_levels(model, [x.name for x in signature.outputs if x.dtype == "uint8"])
    _name(model, signature, metadata)
    large = sum(len(x.raw_data) for x in model.graph.initializer) > MAX_BYTES
    onnx.save(
        model,
        path,
        save_as_external_data=large,
        location=f"{path.name}{DATA_SUFFIX}",
        convert_attribute=False,
    )
    try:
        onnx.checker.check_model(path, full_check=True)
    except Exception as error:
        raise ExportError(f"onnx.checker refuses the file: {error}") from error


def run(paths, signature, batches):
    """Runs ONNX files as an application would.

    Args:
        paths: Paths of the files.
        signature: The `Signature`, for the names of the outputs.
        batches: List of dicts from names of inputs to arrays.

    Returns:
        For each file and batch, the list of outputs, in their layouts and dtypes.
    """
    names = [output.name for output in signature.outputs]
    sessions = [open_session(path) for path in paths]
    return [[session.run(names, feed) for feed in batches] for session in sessions]


def open_session(path, fused=True):
    """Returns an onnxruntime session on the CPU; `fused` as in `kgan_export.trial`."""
    try:
        return trial.open_session(path, fused)
    except Exception as error:  # onnxruntime's errors share no public class
        raise ExportError(f"onnxruntime cannot load the file: {error}") from error


def _join(model, tensors):
    """A model whose weights tf2onnx keeps apart, with the weights inside."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "model.zip")
        tf2onnx.utils.save_onnx_zip(str(archive), model, tensors)
        with zipfile.ZipFile(archive) as files:
            files.extractall(folder)
        return onnx.load(Path(folder, "__MODEL_PROTO.onnx"))


def count_operators(model):
    """Counts the operators.

    Args:
        model: `onnx.ModelProto`.

    Returns:
        A `collections.Counter`.

    Raises:
        ExportError: If one is outside ai.onnx: tf2onnx leaves what it cannot convert.
    """
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
def _old_numpy():
    """Gives NumPy 2 the name that tf2onnx 1.17 still uses for large models."""
    missing = not hasattr(np, "product")
    if missing:
        np.product = np.prod
    try:
        yield
    finally:
        if missing:
            del np.product


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
