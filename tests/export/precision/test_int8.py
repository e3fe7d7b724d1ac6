import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from kgan_export.graph.running import open_session
from kgan_export.precision.int8 import LARGEST_WEIGHT, reduce


def model():
    """A dense layer, two convolutions joined, and a tanh that saturates."""
    random = np.random.default_rng(0)
    constants = {
        "kernel": np.float32(0.4 * random.normal(size=(6, 36))),
        "bias": random.normal(size=36).astype("float32"),
        "shape": np.array([-1, 4, 3, 3]),
        "first": random.normal(size=(8, 4, 1, 1)).astype("float32"),
        "second": np.float32(2 * random.normal(size=(8, 4, 1, 1))),
        "last": np.float32(0.2 * random.normal(size=(4, 16, 1, 1))),
    }
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["z", "kernel"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["sum"]),
            helper.make_node("Reshape", ["sum", "shape"], ["x"]),
            helper.make_node("Conv", ["x", "first"], ["a"]),
            helper.make_node("Conv", ["x", "second"], ["b"]),
            helper.make_node("Concat", ["a", "b"], ["joined"], axis=1),
            helper.make_node("Conv", ["joined", "last"], ["blocks"]),
            helper.make_node("DepthToSpace", ["blocks"], ["large"], blocksize=2),
            helper.make_node("Tanh", ["large"], ["y"]),
        ],
        "graph",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 6])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 1, 6, 6])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )


@pytest.fixture(scope="module")
def reduced():
    z = np.random.default_rng(1).normal(size=(64, 6)).astype("float32")
    return reduce(model(), [{"z": z}])


def scales(model, op_type):
    """The scales of what a reduced graph's operator of that name reads."""
    arrays = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    producers = {name: node for node in model.graph.node for name in node.output}
    (reader,) = (node for node in model.graph.node if node.op_type == op_type)
    return [float(arrays[producers[name].input[1]]) for name in reader.input]


def test_all_layers_are_in_integers_and_near_the_floats(reduced):
    model, in_float = reduced
    assert in_float == []
    onnx.checker.check_model(model)
    types = {tensor.data_type for tensor in model.graph.initializer}
    assert TensorProto.INT8 in types


def test_product_and_bias_are_one_operator(reduced):
    operators = [node.op_type for node in reduced[0].graph.node]
    assert "Gemm" in operators and "MatMul" not in operators


def test_what_is_joined_shares_a_scale(reduced):
    first, second = scales(reduced[0], "Concat")
    assert first == second


def test_no_integers_are_spent_where_tanh_is_flat(reduced):
    """256 levels from -3.5 to 3.5, where tanh is a quarter of a grey level from 1."""
    assert scales(reduced[0], "Tanh") == [pytest.approx(7 / 255)]
    assert scales(reduced[0], "DepthToSpace") == [pytest.approx(7 / 255)]
    assert 127.5 * (1 - np.tanh(3.5)) < 0.25


def pairs_that_saturate(weights, axis):
    """How many sums of two neighbours along `axis` leave int16, at activations of 255.

    That is what vpmaddubsw does on processors without VNNI: it adds the products of two
    unsigned and two signed bytes, and cuts off what is beyond. The worst activations
    are 255 where both weights have one sign.
    """
    weights = np.moveaxis(weights.astype(np.int64), axis, -1)
    first, second = weights[..., :-1], weights[..., 1:]
    sums = 255 * np.where(first * second > 0, abs(first + second), 0)
    alone = 255 * np.maximum(abs(first), abs(second))
    return int((np.maximum(sums, alone) > 32767).sum())


def vpmaddubsw(activations, weights):
    """What a product [n, k] · [k, m] gives in that instruction's 16 bits."""
    products = activations.astype(np.int64)[:, :, None] * weights.astype(np.int64)
    pairs = products[:, 0::2] + products[:, 1::2]
    return np.clip(pairs, -32768, 32767).sum(axis=1)


def quantised_weights(model):
    """Dict from names to the arrays of a reduced graph that are weights in int8."""
    arrays = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    return {
        node.input[0]: arrays[node.input[0]]
        for node in model.graph.node
        if node.op_type == "DequantizeLinear"
        and node.input[0] in arrays
        and arrays[node.input[0]].dtype == np.int8
    }


def test_no_processor_cuts_sums_off(reduced):
    """In whatever order kernels take the weights: any two of them fit together."""
    weights = quantised_weights(reduced[0])
    assert len(weights) == 4
    for array in weights.values():
        assert 255 * 2 * np.abs(array.astype(int)).max() <= 32767
        assert np.abs(array).max() == LARGEST_WEIGHT  # and no range is given away
        for axis in range(array.ndim):
            assert pairs_that_saturate(array, axis) == 0
        matrix = array.reshape(len(array), -1)
        matrix = matrix[:, : matrix.shape[1] // 2 * 2].T
        random = np.random.default_rng(0)
        activations = random.choice(np.uint8([0, 255]), size=(50, len(matrix)))
        exact = activations.astype(np.int64) @ matrix.astype(np.int64)
        np.testing.assert_array_equal(vpmaddubsw(activations, matrix), exact)


def test_the_check_finds_weights_of_eight_bits():
    weights = np.int8([[127, 100], [127, -100]])
    assert pairs_that_saturate(weights, axis=0) == 1
    activations = np.full((1, 2), 255, np.uint8)
    assert vpmaddubsw(activations, weights).tolist() == [[32767, 0]]


def test_integer_kernels_compute_what_the_graph_says(reduced):
    feed = {"z": np.random.default_rng(2).normal(size=(64, 6)).astype("float32")}
    fused, plain = (
        open_session(reduced[0].SerializeToString(), fused).run(None, feed)[0]
        for fused in (True, False)
    )
    assert 127.5 * np.abs(fused - plain).mean() < 0.01
