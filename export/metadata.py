"""What an exported file says about itself."""

import keras
import onnx
import tensorflow
import tf2onnx

from kgan._version import __version__
from kgan.latents import SPECIFICATION

FORMAT_VERSION = 1
LIBRARIES = (keras, onnx, tensorflow, tf2onnx)


def describe(source, signature, opset, precision):
    """Collects the metadata of an export.

    Args:
        source: The `Source`.
        signature: The `Signature`.
        opset: Version of the ai.onnx operators, or `None`.
        precision: Name of the precision.

    Returns:
        A JSON-ready dict, described in `docs/export.md`.
    """
    first, *_ = outputs = [output.describe() for output in signature.outputs]
    return {
        "kgan_version": __version__,
        "format_version": FORMAT_VERSION,
        "architecture": source.generator.name,
        "latent_dim": source.latent_dim,
        "prior": source.prior,
        "latents": SPECIFICATION,
        # On a sphere, a scaled code would leave the prior.
        "truncation": None if source.prior == "sphere" else "scale",
        "num_classes": source.num_classes,
        "class_names": source.class_names,
        "kind": first["kind"],
        "sample_shape": first["shape"],
        "layout": first["layout"],
        "output_dtype": first["dtype"],
        "output_range": first["range"],
        "outputs": outputs,
        "extra_inputs": [x.describe() for x in signature.extra_inputs],
        "static_batch": signature.static_batch,
        "opset": opset,
        "precision": precision,
        "libraries": {module.__name__: module.__version__ for module in LIBRARIES},
        "training_steps": source.step,
        "dataset": source.dataset,
        "preset": source.preset,
        "licence": source.licence,
        "settings": source.settings,
        "scores": source.scores,
    }
