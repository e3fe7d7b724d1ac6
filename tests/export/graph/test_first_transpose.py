import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from kgan_export.graph.first_transpose import drop_first_transpose
from kgan_export.graph.graph import Graph
from kgan_export.graph.passes import apply


def dense_image(
    perm=(0, 3, 1, 2), activation=None, middle=None, bias=True, second_reader=False
):
    """A dense layer of 24 units, as an image of 2×3 pixels and 4 channels."""
    random = np.random.default_rng(0)
    constants = {
        "kernel": random.normal(size=(5, 24)).astype("float32"),
        "bias": random.normal(size=24).astype("float32"),
        "shape": np.array([-1, 2, 3, 4]),
    }
    nodes = [helper.make_node("MatMul", ["z", "kernel"], ["product"])]
    if bias:
        nodes.append(helper.make_node("Add", ["product", "bias"], ["sum"]))
    if activation:
        last = nodes[-1].output[0]
        nodes.append(helper.make_node(activation, [last], ["active"]))
    nodes.append(helper.make_node("Reshape", [nodes[-1].output[0], "shape"], ["image"]))
    if middle:
        nodes.append(helper.make_node(middle, ["image"], ["middle"]))
    last = nodes[-1].output[0]
    nodes.append(helper.make_node("Transpose", [last], ["moved"], perm=list(perm)))
    nodes.append(helper.make_node("Identity", ["moved"], ["y"]))
    outputs = ["y", last] if second_reader else ["y"]
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 5])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * 4)
            for name in outputs
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )


def has_transpose(model):
    """Whether it stays; the rewrite must not change what the graph gives."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # of weights that onnxslim will drop
    z = np.random.default_rng(1).normal(size=(3, 5)).astype("float32")
    results = []
    for _ in range(2):
        onnx.checker.check_model(model)
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        results.append(session.run(["y"], {"z": z})[0])
        record = apply(drop_first_transpose, Graph(model))
        assert record.failed is None
    np.testing.assert_allclose(*results, atol=1e-6)
    return any(node.op_type == "Transpose" for node in model.graph.node)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", [None, "Relu"])
@pytest.mark.parametrize("middle", [None, "Relu", "Tanh"])
def test_the_dense_layer_gives_channels_first(bias, activation, middle):
    graph = dense_image(bias=bias, activation=activation, middle=middle)
    assert not has_transpose(graph)


@pytest.mark.parametrize(
    "settings",
    [
        {"perm": (0, 2, 1, 3)},
        {"activation": "Softmax"},
        {"middle": "Softmax"},
        {"second_reader": True},
    ],
    ids=str,
)
def test_other_transposes_stay(settings):
    assert has_transpose(dense_image(**settings))
