import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from kgan_export.graph.graph import Graph
from kgan_export.graph.passes import apply
from kgan_export.graph.phases import split_phases
from kgan_export.graph.upsampling import merge_upsampling

RANDOM = np.random.default_rng(0)


def model(nodes, constants, channels, outputs="y"):
    """A graph of `x` [batch, channels, 5, 4], and what it gives for random numbers."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", channels, 5, 4])],
        [
            helper.make_tensor_value_info(y, TensorProto.FLOAT, [None] * 4)
            for y in outputs
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )


def run(model, channels):
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # of weights that onnxslim will drop
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    x = np.random.default_rng(1).normal(size=(3, channels, 5, 4)).astype("float32")
    return session.run(None, {"x": x})


def rewritten(model, channels, *rewrites):
    """The operators after rewrites, which must not change what the graph gives."""
    before = run(model, channels)
    for rewrite in rewrites:
        record = apply(rewrite, Graph(model))
        assert record.failed is None
    for old, new in zip(before, run(model, channels), strict=True):
        np.testing.assert_allclose(new, old, atol=1e-4)
    return [node.op_type for node in model.graph.node]


def weights(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def upsampled(size, scale=2.0, mode="nearest", pads=None, **attributes):
    """A Resize, then a convolution with a bias."""
    constants = {
        "scales": np.float32([1, 1, scale, scale]),
        "kernel": weights(20, 3, size, size),
        "bias": weights(20),
    }
    resize = helper.make_node(
        "Resize",
        ["x", "", "scales"],
        ["up"],
        mode=mode,
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )
    convolution = helper.make_node(
        "Conv",
        ["up", "kernel", "bias"],
        ["y"],
        pads=pads or [size // 2] * 4,
        **attributes,
    )
    return [resize, convolution], constants


@pytest.mark.parametrize("size", [3, 5])
def test_upsampling_and_convolution_become_one(size):
    graph = model(*upsampled(size), channels=3)
    assert rewritten(graph, 3, merge_upsampling) == ["ConvTranspose"]


def test_a_pointwise_convolution_goes_first():
    graph = model(*upsampled(1), channels=3)
    assert rewritten(graph, 3, merge_upsampling) == ["Conv", "Resize"]


@pytest.mark.parametrize(
    "settings",
    [
        {"size": 3, "scale": 3.0},
        {"size": 3, "mode": "linear"},
        {"size": 3, "strides": [2, 2]},
        {"size": 3, "dilations": [2, 2]},
        {"size": 3, "pads": [0, 0, 0, 0]},
        {"size": 4},
    ],
    ids=str,
)
def test_other_upsampling_stays(settings):
    graph = model(*upsampled(**settings), channels=3)
    assert rewritten(graph, 3, merge_upsampling) == ["Resize", "Conv"]


def test_upsampling_that_is_read_twice_stays():
    nodes, constants = upsampled(3)
    graph = model(nodes, constants, 3, outputs=["y", "up"])
    assert rewritten(graph, 3, merge_upsampling) == ["Resize", "Conv"]


def transposed(size, pads, channels=16, bias=True, relu=False, **attributes):
    constants = {"kernel": weights(3, channels, *size), "bias": weights(channels)}
    inputs = ["x", "kernel", "bias"][: 2 + bias]
    attributes = {"strides": [2, 2], "pads": pads} | attributes
    output = "linear" if relu else "y"
    nodes = [helper.make_node("ConvTranspose", inputs, [output], **attributes)]
    if relu:
        nodes.append(helper.make_node("Relu", ["linear"], ["y"]))
    return nodes, constants


PHASES = ["Conv"] * 4 + ["Concat", "DepthToSpace"]


@pytest.mark.parametrize(
    "size, pads",
    [
        ([4, 4], [1, 1, 1, 1]),
        ([5, 5], [1, 2, 2, 1]),
        ([3, 3], [0, 0, 1, 1]),
        ([2, 2], [0, 0, 0, 0]),
        ([6, 4], [2, 1, 2, 1]),
        ([4, 6], [0, 0, 0, 0]),
    ],
    ids=str,
)
@pytest.mark.parametrize("bias", [True, False])
def test_transposed_convolutions_become_convolutions(size, pads, bias):
    graph = model(*transposed(size, pads, bias=bias), channels=3)
    assert rewritten(graph, 3, split_phases) == PHASES


def test_a_relu_goes_before_depth_to_space():
    graph = model(*transposed([4, 4], [1, 1, 1, 1], relu=True), channels=3)
    operators = rewritten(graph, 3, split_phases)
    assert operators == ["Conv", "Relu"] * 4 + ["Concat", "DepthToSpace"]


def test_both_rewrites_together():
    graph = model(*upsampled(3), channels=3)
    assert rewritten(graph, 3, merge_upsampling, split_phases) == PHASES


@pytest.mark.parametrize(
    "settings",
    [
        {"size": [4, 4], "pads": [1] * 4, "channels": 3},
        {"size": [4, 4], "pads": [1] * 4, "strides": [1, 1]},
        {"size": [4, 4], "pads": [1, 1, 0, 0]},
        {"size": [4, 4], "pads": [1] * 4, "output_padding": [1, 1]},
        {"size": [4, 4], "pads": [1] * 4, "dilations": [2, 2]},
    ],
    ids=["few channels", "stride", "odd size", "output padding", "dilation"],
)
def test_other_transposed_convolutions_stay(settings):
    graph = model(*transposed(**settings), channels=3)
    assert rewritten(graph, 3, split_phases) == ["ConvTranspose"]
