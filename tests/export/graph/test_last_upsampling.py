import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from kgan_export.graph.graph import Graph
from kgan_export.graph.last_upsampling import merge_last
from kgan_export.graph.passes import apply


def model(channels=1, size=4, bias=True, shift=None, mode="DCR", pads=(1, 1, 1, 1)):
    """Phases `x` [n, 20, 3, 2], DepthToSpace, and a transposed convolution."""
    random = np.random.default_rng(0)
    constants = {
        "kernel": random.normal(size=(5, channels, size, size)).astype("float32"),
        "bias": random.normal(size=channels).astype("float32"),
        "shift": random.normal(size=shift or [1]).astype("float32"),
    }
    transposed = helper.make_node(
        "ConvTranspose",
        ["map", "kernel", *["bias"] * bias],
        ["image"],
        strides=[2, 2],
        pads=pads,
    )
    nodes = [
        helper.make_node("DepthToSpace", ["x"], ["map"], blocksize=2, mode=mode),
        transposed,
    ]
    if shift:
        nodes.append(helper.make_node("Add", ["image", "shift"], ["moved"]))
    nodes.append(helper.make_node("Tanh", [nodes[-1].output[0]], ["y"]))
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 20, 3, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )


def rewritten(model):
    """The operators after the rewrite, which must not change what the graph gives."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # of weights that onnxslim will drop
    x = np.random.default_rng(1).normal(size=(3, 20, 3, 2)).astype("float32")
    results = []
    for _ in range(2):
        onnx.checker.check_model(model)
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        results.append(session.run(None, {"x": x})[0])
        record = apply(merge_last, Graph(model))
        assert record.failed is None
    np.testing.assert_allclose(results[1], results[0], atol=1e-5)
    return [node.op_type for node in model.graph.node]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bias", [False, True])
def test_the_phases_give_blocks_of_the_image(channels, bias):
    operators = rewritten(model(channels, bias=bias))
    assert operators == ["Conv", "DepthToSpace", "Slice", "Tanh"]


def test_a_shift_of_the_channels_becomes_part_of_the_bias():
    operators = rewritten(model(3, shift=(1, 3, 1, 1)))
    assert operators == ["Conv", "DepthToSpace", "Slice", "Tanh"]
    assert "Add" in rewritten(model(3, shift=(1, 3, 1, 8)))  # of columns


@pytest.mark.parametrize(
    "settings",
    [
        {"channels": 5},
        {"size": 3},
        {"size": 5},
        {"mode": "CRD"},
        {"pads": (0, 0, 2, 2)},
    ],
    ids=str,
)
def test_what_does_not_fit_stays(settings):
    assert "ConvTranspose" in rewritten(model(**settings))
