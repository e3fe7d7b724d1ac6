"""ONNX files: how they are written, and run as an application would run them."""

import json

import onnx

from kgan_export.errors import ExportError
from kgan_export.graph import conversion, running
from kgan_export.graph.levels import append_levels
from kgan_export.interface.metadata import key_of
from kgan_export.replacement import DATA_SUFFIX

# Of inputs and outputs, for tools that show them.
MEANINGS = {
    "z": "Codes, drawn from the prior that the metadata tell.",
    "label": "The class of each sample, from 0.",
    "condition": "The attributes of each sample.",
}


def write(model, interface, metadata, path):
    """Writes a converted network; weights beyond 2 GB go into `PATH.data`.

    Args:
        model: `onnx.ModelProto` with float outputs; changed in place.
        interface: The `Interface`, whose uint8 outputs become grey levels here.
        metadata: JSON-ready dict, stored under the network's key.
        path: `Path` of the file.

    Raises:
        ExportError: If onnx.checker refuses the file.
    """
    append_levels(model, [x.name for x in interface.outputs if x.dtype == "uint8"])
    _name(model, interface, metadata)
    _infer_types(model)
    large = conversion.size_of_weights(model) > conversion.MAX_BYTES
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


def run(paths, interface, batches):
    """Runs ONNX files as an application would.

    Args:
        paths: Paths of the files.
        interface: The `Interface`, for the names of the outputs.
        batches: List of dicts from names of inputs to arrays.

    Returns:
        For each file and batch, the list of outputs, in their layouts and dtypes.
    """
    names = [output.name for output in interface.outputs]
    sessions = [open_session(path) for path in paths]
    return [[session.run(names, feed) for feed in batches] for session in sessions]


def open_session(path, fused=True):
    """Returns an onnxruntime session on the CPU, as `running.open_session` does."""
    try:
        return running.open_session(path, fused)
    except Exception as error:  # onnxruntime's errors share no public class
        raise ExportError(f"onnxruntime cannot load the file: {error}") from error


def _name(model, interface, metadata):
    """Gives the file its metadata, and the batch dimension its name."""
    model.producer_name, model.producer_version = "kgan", metadata["kgan_version"]
    model.graph.name = metadata["architecture"]
    model.doc_string = _summary(metadata)
    for value in (*model.graph.input, *model.graph.output):
        value.doc_string = MEANINGS.get(value.name, "")
    for node in model.graph.node:
        node.name = node.output[0]  # no other node's, and it tells the layer
    standard = [
        entry for entry in model.opset_import if entry.domain in conversion.STANDARD
    ]
    del model.opset_import[:]
    model.opset_import.extend(standard)
    if interface.static_batch is None:
        for value in (*model.graph.input, *model.graph.output):
            value.type.tensor_type.shape.dim[0].dim_param = "batch"
    key = key_of(metadata["network"])
    onnx.helper.set_model_props(model, {key: json.dumps(metadata)})


def _infer_types(model):
    """Tells the types and shapes of all values anew.

    Rewrites and reductions leave those of values that they changed, and other tools
    refuse a file where one contradicts the graph.
    """
    del model.graph.value_info[:]
    if conversion.size_of_weights(model) <= conversion.MAX_BYTES:
        inferred = onnx.shape_inference.infer_shapes(model)
        model.graph.value_info.extend(inferred.graph.value_info)


def _summary(metadata):
    """What the file is, in one sentence for tools that show no metadata."""
    shape = "×".join(map(str, metadata["sample_shape"]))
    parts = [f"The {metadata['network']} {metadata['architecture']}: {shape}"]
    for key, text in (
        ("dataset", "trained on {}"),
        ("preset", "preset {}"),
        ("training_steps", "{} steps"),
        ("licence", "data: {}"),
    ):
        if metadata[key] is not None:
            parts.append(text.format(metadata[key]))
    return ", ".join(parts) + ". Its metadata are JSON under the key kgan."
