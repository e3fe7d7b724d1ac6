"""The SavedModel format, for TensorFlow and TensorFlow Serving."""

import collections
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf

from kgan_export.errors import ExportError
from kgan_export.formats import reload_script
from kgan_export.formats.base import Format
from kgan_export.interface.reading import FOLDER_FILES
from kgan_export.runtime import seeds


class SavedModelFormat(Format):
    """A folder for TensorFlow and TensorFlow Serving."""

    marker = "saved_model.pb"

    def make(self, job):
        """Writes a SavedModel and verifies it in a fresh process."""
        paths = [job.path.with_name(f"{job.path.name}.floats"), job.path]
        interfaces = [job.interface.as_floats(), job.interface]
        with fresh_process(paths) as run:
            for path, interface in zip(paths, interfaces, strict=True):
                operators = write(job.network, interface, job.metadata, path)
            floats, outputs = run(job.interface, job.batches)
        result = job.verify(floats, outputs, job.precision)
        return result | {"operators": dict(operators.most_common())}


def write(generator, interface, metadata, path):
    """Writes a SavedModel with the signatures `serving_default`, of codes, and `seeds`,
    where a seed gives all inputs.

    Args:
        generator: Functional `keras.Model`.
        interface: Its `GeneratorInterface`.
        metadata: JSON-ready dict, stored as `assets.extra/kgan.json`.
        path: `Path` of the folder.

    Returns:
        A `collections.Counter` of the operators.
    """
    module = tf.Module()
    module.weights = [variable.value for variable in generator.variables]
    module.generate = interface.function(generator)
    concrete = module.generate.get_concrete_function()
    signatures = {"serving_default": concrete}
    if interface.inputs.keys() <= {"z", "label"}:
        module.seeds = _from_seeds(module.generate, interface, metadata["prior"])
        signatures["seeds"] = module.seeds
    try:
        tf.saved_model.save(module, str(path), signatures)
    except Exception as error:
        raise ExportError(f"TensorFlow cannot save the generator: {error}") from error
    target = Path(path, FOLDER_FILES[0])
    target.parent.mkdir()
    target.write_text(json.dumps(metadata, indent=2), "utf-8")
    operations = concrete.graph.get_operations()
    return collections.Counter(operation.type for operation in operations)


def _from_seeds(generate, interface, prior):
    """A `tf.function` of `seed` and `sample`, and where conditional `label`, all int64
    `[batch]`: each row is one sample, so that a server may join requests."""
    names = ["seed", "sample"] + ["label"] * (interface.num_classes is not None)
    specs = [tf.TensorSpec([interface.static_batch], tf.int64, name) for name in names]

    def sample(seed, sample, *label):
        return generate(
            seeds.latents(prior, interface.latent_dim, seed, sample), *label
        )

    return tf.function(sample, input_signature=specs)


@contextlib.contextmanager
def fresh_process(paths):
    """Starts a process that runs SavedModels and knows neither kgan nor Keras.

    It loads TensorFlow, which takes seconds, while the caller writes the models.

    Args:
        paths: Paths of the folders, which need not exist yet.

    Returns:
        A context with a function of an `Interface`, for the names of the outputs, and a
        list of dicts from names of inputs to arrays. It returns for each folder and
        batch the list of outputs, in their layouts and dtypes, and raises `ExportError`
        if a model cannot be loaded there.
    """
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder, "inputs.npz"), Path(folder, "outputs.npz")
        process = subprocess.Popen(
            # -P: the script's own folder stays off the import path.
            [sys.executable, "-P", reload_script.__file__, inputs, outputs, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            # The parent may hold all memory of the GPU.
            env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        )

        def run(interface, batches):
            arrays = {
                f"{i} {name}": array
                for i, feed in enumerate(batches)
                for name, array in feed.items()
            }
            np.savez(inputs, **arrays)
            _, messages = process.communicate("run\n")
            if process.returncode:
                raise ExportError(f"The SavedModel does not reload:\n{messages}")
            with np.load(outputs) as results:
                return [
                    [
                        [results[f"{m} {i} {x.name}"] for x in interface.outputs]
                        for i in range(len(batches))
                    ]
                    for m in range(len(paths))
                ]

        with process:
            try:
                yield run
            finally:
                process.kill()
