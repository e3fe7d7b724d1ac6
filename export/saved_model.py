"""The SavedModel format, for TensorFlow and TensorFlow Serving."""

import collections
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf

from kgan_export import reload
from kgan_export.errors import ExportError

SUFFIX = ""  # a folder
METADATA_FILE = "assets.extra/kgan.json"


def write(generator, signature, metadata, path, opset):
    """Writes a SavedModel with the signature `serving_default`.

    Args:
        generator: Functional `keras.Model` on `z` or `[z, label]`.
        signature: Its `Signature`.
        metadata: JSON-ready dict, stored as `assets.extra/kgan.json`.
        path: `Path` of the folder.
        opset: Unused: TensorFlow has no operator sets.

    Returns:
        A `collections.Counter` of the operators.
    """
    module = tf.Module()
    module.weights = [variable.value for variable in generator.variables]
    module.generate = signature.function(generator)
    concrete = module.generate.get_concrete_function()
    try:
        tf.saved_model.save(module, str(path), {"serving_default": concrete})
    except Exception as error:
        raise ExportError(f"TensorFlow cannot save the generator: {error}") from error
    target = path / METADATA_FILE
    target.parent.mkdir()
    target.write_text(json.dumps(metadata, indent=2), "utf-8")
    operations = concrete.graph.get_operations()
    return collections.Counter(operation.type for operation in operations)


def run(paths, batches):
    """Runs SavedModels in a fresh process that knows neither kgan nor Keras.

    Args:
        paths: Paths of the folders.
        batches: List of `(z, label or None)`.

    Returns:
        For each folder, the list of its outputs, in its layout and dtype.

    Raises:
        ExportError: If a model cannot be loaded there.
    """
    arrays = {}
    for i, (z, label) in enumerate(batches):
        arrays |= {f"z{i}": z} if label is None else {f"z{i}": z, f"label{i}": label}
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder, "inputs.npz"), Path(folder, "outputs.npz")
        np.savez(inputs, **arrays)
        # -P: the script's own folder, with its `onnx.py`, stays off the import path.
        command = [sys.executable, "-P", reload.__file__, inputs, outputs, *paths]
        # The parent may hold all memory of the GPU.
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
        process = subprocess.run(
            command, capture_output=True, text=True, env=environment
        )
        if process.returncode:
            raise ExportError(f"The SavedModel does not reload:\n{process.stderr}")
        with np.load(outputs) as results:
            return [
                [results[f"y{m}_{i}"] for i in range(len(batches))]
                for m in range(len(paths))
            ]
