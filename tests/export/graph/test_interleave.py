import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from kgan_export.graph.graph import Graph
from kgan_export.graph.interleave import interleave
from kgan_export.graph.passes import apply

REWRITTEN = ["Transpose", "Reshape", "Transpose", "Reshape", "Transpose"]


def operators_after(block, channels, height=5, mode="DCR"):
    """The operators after the rewrite, which must not change what the graph gives."""
    graph = helper.make_graph(
        [
            helper.make_node("Relu", ["x"], ["map"]),
            helper.make_node(
                "DepthToSpace", ["map"], ["y"], blocksize=block, mode=mode
            ),
        ],
        "graph",
        [
            helper.make_tensor_value_info(
                "x", TensorProto.FLOAT, ["n", channels, height, 4]
            )
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )
    model = onnx.shape_inference.infer_shapes(model)
    x = np.random.default_rng(0).normal(size=(3, channels, 5, 4)).astype("float32")
    results = []
    for _ in range(2):
        onnx.checker.check_model(model, full_check=True)
        session = onnxruntime.InferenceSession(model.SerializeToString())
        results.append(session.run(None, {"x": x})[0])
        record = apply(interleave, Graph(model))
        assert record.failed is None
    np.testing.assert_array_equal(*results)
    return [node.op_type for node in model.graph.node][1:]


@pytest.mark.parametrize("block, channels", [(2, 16), (2, 20), (3, 27), (4, 48)])
def test_pixels_move_as_runs_of_numbers(block, channels):
    assert operators_after(block, channels) == REWRITTEN


@pytest.mark.parametrize(
    "settings",
    [
        {"block": 4, "channels": 16},
        {"block": 2, "channels": 16, "mode": "CRD"},
        {"block": 2, "channels": 16, "height": "h"},
    ],
    ids=["short runs", "another order", "an unknown size"],
)
def test_other_depth_to_space_stays(settings):
    assert operators_after(**settings) == ["DepthToSpace"]
