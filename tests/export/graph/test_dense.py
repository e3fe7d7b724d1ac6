import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from kgan_export.graph.dense import activate_first, join_bias
from kgan_export.graph.graph import Graph
from kgan_export.graph.passes import apply


def dense(rank=2, bias=(12,), activation="Relu"):
    """A dense layer of 12 units, a reshape and an activation."""
    random = np.random.default_rng(0)
    constants = {
        "kernel": random.normal(size=(5, 12)).astype("float32"),
        "bias": random.normal(size=bias).astype("float32"),
        "shape": np.array([-1, 3, 2, 2]),
    }
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["z", "kernel"], ["product"], "dense"),
            helper.make_node("Add", ["product", "bias"], ["sum"]),
            helper.make_node("Reshape", ["sum", "shape"], ["image"]),
            helper.make_node(activation, ["image"], ["y"]),
        ],
        "graph",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 5, 5][:rank])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )


def rewritten(model, rewrite, rank=2):
    """The operators after the rewrite, which must not change what the graph gives."""
    z = np.random.default_rng(1).normal(size=(4, 5, 5)[-rank:]).astype("float32")
    results = []
    for _ in range(2):
        onnx.checker.check_model(model)
        session = onnxruntime.InferenceSession(model.SerializeToString())
        results.append(session.run(None, {"z": z})[0])
        record = apply(rewrite, Graph(model))
        assert record.failed is None
    np.testing.assert_allclose(results[1], results[0], atol=1e-6)
    return [node.op_type for node in model.graph.node]


@pytest.mark.parametrize("activation", ["Relu", "LeakyRelu", "Tanh"])
def test_the_activation_goes_before_the_reshape(activation):
    operators = rewritten(dense(activation=activation), activate_first)
    assert operators == ["MatMul", "Add", activation, "Reshape"]


def test_other_operators_stay_behind_it():
    operators = rewritten(dense(activation="Softmax"), activate_first)
    assert operators[-1] == "Softmax"


def test_the_bias_joins_the_product():
    model = dense()
    assert rewritten(model, join_bias) == ["Gemm", "Reshape", "Relu"]
    assert model.graph.node[0].name == "dense"


@pytest.mark.parametrize("settings", [{"rank": 3}, {"bias": (1,)}], ids=str)
def test_a_bias_of_another_form_stays(settings):
    rank = settings.get("rank", 2)
    assert rewritten(dense(**settings), join_bias, rank)[:2] == ["MatMul", "Add"]
