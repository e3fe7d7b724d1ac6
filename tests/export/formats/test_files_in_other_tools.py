"""What other tools do with an exported file: infer, merge, optimise, look at it."""

import numpy as np
import onnx
import onnxruntime
import pytest
from small_generators import dcgan

from kgan_export import Sampler, export
from kgan_export.formats.onnx_file import MEANINGS

VARIANTS = {
    "fp32": {},
    "floats": {"output_dtype": "float32"},
    "nchw": {"layout": "nchw"},
    "fp16": {"precision": "fp16"},
    "int8": {"precision": "int8"},
}


@pytest.fixture(scope="module", params=VARIANTS)
def path(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "g.onnx"
    export(dcgan(3, channels=1), path, **VARIANTS[request.param])
    return path


def test_types_are_those_of_the_graph(path):
    model = onnx.load(path)
    told = {x.name: x.type.tensor_type.elem_type for x in model.graph.value_info}
    del model.graph.value_info[:]
    found = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    inferred = {x.name: x.type.tensor_type.elem_type for x in found.graph.value_info}
    assert told and told == inferred


def test_it_can_be_merged_with_another(path):
    model = onnx.load(path)
    output = model.graph.output[0]
    ends = [onnx.ValueInfoProto(name=name, type=output.type) for name in ("in", "out")]
    node = onnx.helper.make_node("Identity", ["in"], ["out"])
    graph = onnx.helper.make_graph([node], "after", ends[:1], ends[1:])
    after = onnx.helper.make_model(graph, opset_imports=model.opset_import)
    after.ir_version = model.ir_version
    whole = onnx.compose.merge_models(model, after, [(output.name, "in")])
    onnx.checker.check_model(whole, full_check=True)
    sampler = Sampler(path)
    feed = {"z": sampler.latents(3), "label": np.arange(3)}
    (made,) = onnxruntime.InferenceSession(whole.SerializeToString()).run(None, feed)
    np.testing.assert_array_equal(made, sampler.sample(3))


def test_it_can_be_optimised_and_opened_again(path, tmp_path):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    )
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(path, options)
    sampler = Sampler(path)
    feed = {"z": sampler.latents(3), "label": np.arange(3)}
    session = onnxruntime.InferenceSession(options.optimized_model_filepath)
    (made,) = session.run(None, feed)
    np.testing.assert_allclose(made.astype(float), sampler.sample(3), atol=1)


def test_it_tells_what_it_is(path):
    model = onnx.load(path)
    assert "small_dcgan: " in model.doc_string and "kgan" in model.doc_string
    texts = {x.name: x.doc_string for x in model.graph.input}
    assert texts == {name: MEANINGS[name] for name in ("z", "label")}
    names = [node.name for node in model.graph.node]
    assert all(names) and len(set(names)) == len(names)


def test_operators_are_those_that_more_tools_know(path):
    """Rows of labels are flat, and a single channel's DepthToSpace is CRD."""
    nodes = onnx.load(path).graph.node
    gather = next(node for node in nodes if node.op_type == "Gather")
    (reader,) = (node for node in nodes if gather.output[0] in node.input)
    assert reader.op_type in ("Reshape", "Cast", "QuantizeLinear")
    for node in nodes:
        if node.op_type == "DepthToSpace":
            modes = [x.s for x in node.attribute if x.name == "mode"]
            assert modes == [b"CRD"]
