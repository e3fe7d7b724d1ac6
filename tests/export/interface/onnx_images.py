"""A generator of 2×2×1 images written by hand, of codes of four numbers and a class."""

import json

import onnx
from onnx import TensorProto, helper

from kgan.latents import SPECIFICATION

METADATA = {
    "latents": SPECIFICATION,
    "latent_dim": 4,
    "prior": "normal",
    "num_classes": 3,
    "class_names": ["a", "b", "c"],
    "kind": "image",
    "layout": "nhwc",
    "static_batch": None,
    "sample_shape": [2, 2, 1],
    "outputs": None,
    "output_dtype": "float32",
    "settings": {"generator": {"width": 8}},
}


def write_images(path, outputs=("image",), missing=(), **changes):
    """Writes it.

    Args:
        path: Where.
        outputs: Names of the outputs, which are equal.
        missing: Keys of the metadata that are left out.
        **changes: Metadata that differ.
    """
    value = helper.make_tensor_value_info
    inputs = [
        value("z", TensorProto.FLOAT, ["n", 4]),
        value("label", TensorProto.INT64, ["n"]),
    ]
    ends = [value(name, TensorProto.FLOAT, ["n", 2, 2, 1]) for name in outputs]
    nodes = [helper.make_node("Reshape", ["z", "shape"], [name]) for name in outputs]
    shape = helper.make_tensor("shape", TensorProto.INT64, [4], [-1, 2, 2, 1])
    model = helper.make_model(
        helper.make_graph(nodes, "images", inputs, ends, [shape]),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    metadata = METADATA | changes
    if len(outputs) > 1:
        kind = {"kind": "image", "layout": "nhwc", "dtype": "float32"}
        shapes = [{"name": name, "shape": [2, 2, 1], **kind} for name in outputs]
        metadata["outputs"] = shapes
    metadata = {key: x for key, x in metadata.items() if key not in missing}
    helper.set_model_props(model, {"kgan": json.dumps(metadata)})
    onnx.save(model, path)
    return path
