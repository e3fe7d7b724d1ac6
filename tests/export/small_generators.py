"""Small generators to export, in Keras and straight in ONNX."""

import json

import keras
import numpy as np
import onnx
from keras import layers
from onnx import TensorProto, helper

from kgan.latents import SPECIFICATION


def dcgan(num_classes=None, channels=1, latent_dim=10, name="small_dcgan"):
    """A DCGAN-like generator of 8×8 images."""
    z, inputs, x = conditional_input(num_classes, latent_dim)
    x = layers.Dense(4 * 4 * 16, use_bias=False)(x)
    x = layers.Reshape((4, 4, 16))(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2DTranspose(8, 4, 2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(channels, 3, padding="same", activation="tanh")(x)
    return trained(keras.Model(inputs, x, name=name))


def mlp(sample_shape, num_classes=None, latent_dim=6, name="small_mlp"):
    """A dense generator of samples of any shape."""
    z, inputs, x = conditional_input(num_classes, latent_dim)
    x = layers.Dense(int(np.prod(sample_shape)), activation="tanh")(x)
    return trained(keras.Model(inputs, layers.Reshape(sample_shape)(x), name=name))


def conditional_input(num_classes, latent_dim):
    z = keras.Input([latent_dim], name="codes")
    if not num_classes:
        return z, z, z
    label = keras.Input([], dtype="int64", name="classes")
    embedded = layers.Embedding(num_classes, 6)(label)
    return z, [z, label], layers.Concatenate()([z, embedded])


def trained(model, seed=0):
    """Gives every weight, moving statistics included, a value that matters."""
    random = np.random.default_rng(seed)
    for variable in model.variables:
        if variable.path.endswith(("variance", "gamma")):
            value = random.uniform(0.5, 2.0, variable.shape)
        else:
            value = random.normal(0.0, 0.3, variable.shape)
        variable.assign(value.astype("float32"))
    return model


def tiny_onnx(path, latent_dim=4, truncation_input=False, static_batch=None, **changes):
    """A float32 generator written by hand: the sample is the first four coordinates of
    the code, times the truncation if it has that input, plus the label if it has one.

    Args:
        path: Where to write.
        latent_dim: Size of the code, at least 4.
        truncation_input: Whether the graph has the input `truncation`.
        static_batch: Fixed batch size, or None.
        **changes: Metadata that differ from an unconditional normal generator's.
    """
    batch = static_batch or "batch"
    inputs = [
        helper.make_tensor_value_info("z", TensorProto.FLOAT, [batch, latent_dim])
    ]
    bounds = [
        helper.make_tensor(name, TensorProto.INT64, [1], [value])
        for name, value in [("from", 0), ("to", 4), ("axis", 1)]
    ]
    last = "sliced"
    nodes = [helper.make_node("Slice", ["z", "from", "to", "axis"], [last])]
    if truncation_input:
        inputs.append(
            helper.make_tensor_value_info("truncation", TensorProto.FLOAT, [1])
        )
        nodes.append(helper.make_node("Mul", [last, "truncation"], ["scaled"]))
        last = "scaled"
    if changes.get("num_classes"):
        inputs.append(
            helper.make_tensor_value_info("label", TensorProto.INT64, [batch])
        )
        nodes += [
            helper.make_node("Cast", ["label"], ["float"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["float", "axis"], ["column"]),
            helper.make_node("Add", [last, "column"], ["labelled"]),
        ]
        last = "labelled"
    nodes.append(helper.make_node("Identity", [last], ["sample"]))
    output = helper.make_tensor_value_info("sample", TensorProto.FLOAT, [batch, 4])
    graph = helper.make_graph(nodes, "tiny", inputs, [output], bounds)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    metadata = {
        "latent_dim": latent_dim,
        "prior": "normal",
        "latents": SPECIFICATION,
        "num_classes": None,
        "kind": "sample",
        "layout": None,
        "truncation": "scale",
        "static_batch": static_batch,
    }
    helper.set_model_props(model, {"kgan": json.dumps(metadata | changes)})
    onnx.save(model, path)
    return path
