import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from kgan_export.graph.levels import append_levels

# Levels change at (k - 128) / 127.5: exact halves there, the ends, and beyond.
VALUES = np.float32([-2.0, -1.0, -0.5, -1e-3, 0.0, 1e-3, 0.5, 0.999, 1.0, 2.0])
LEVELS = np.uint8([0, 0, 64, 127, 128, 128, 191, 255, 255, 255])


@pytest.mark.parametrize("last", ["Neg", "Transpose"])
def test_levels_are_those_of_the_metrics(last):
    """floor(127.5 x + 128), limited to 0-255; moved as uint8 where a transpose ends."""
    attributes = {"perm": [1, 0]} if last == "Transpose" else {}
    nodes = [
        helper.make_node("Neg", ["x"], ["negated"]),
        helper.make_node(last, ["negated"], ["image"], **attributes),
    ]
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 10])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [None, None])],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )
    append_levels(model, ["image"])
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    sign = -1 if last == "Transpose" else 1
    (image,) = session.run(None, {"x": sign * VALUES[None]})
    np.testing.assert_array_equal(image.ravel(), LEVELS)
    assert image.dtype == np.uint8
    operators = [node.op_type for node in model.graph.node]
    assert operators[-1] == ("Transpose" if last == "Transpose" else "Cast")
