import json
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest
from keras import layers
from small_generators import dcgan, mlp, trained

from kgan_export import ExportError, Sampler, export
from kgan_export.graph import conversion, passes
from kgan_export.replacement import files_of


def resnet():
    """Upsampling residual blocks, without the normalisation of the first."""
    z = keras.Input([6], name="z")
    label = keras.Input([], dtype="int64", name="label")
    x = layers.Concatenate()([z, layers.Embedding(5, 3)(label)])
    x = layers.Reshape((4, 4, 16))(layers.Dense(256)(x))
    for _ in range(2):
        h = layers.UpSampling2D()(layers.ReLU()(layers.BatchNormalization()(x)))
        h = layers.Conv2D(16, 3, padding="same")(h)
        shortcut = layers.Conv2D(16, 1)(layers.UpSampling2D()(x))
        x = layers.Add()([h, shortcut])
    x = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    return trained(keras.Model([z, label], x))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A generator, and the report of its export with all rewrites."""
    generator = resnet()
    return generator, export(generator, tmp_path_factory.mktemp("all") / "g.onnx")


def test_a_resnet_loses_its_shape_arithmetic_and_transposes(exported):
    """Keras repeats with ten operators an axis, and looks labels up with nine."""
    _, report = exported
    operators = report.operators
    # Three for each upsampling, where channels go last and back, and at the end; the
    # first convolution needs no transpose.
    assert operators["Transpose"] == 2 * 3 + 1
    assert operators["Gather"] == 1
    assert operators["Resize"] == 2
    assert operators["Conv"] == 2 * 4 + 2 + 1
    assert operators["BatchNormalization"] == 2
    assert not {"Shape", "Slice", "Tile", "Unsqueeze"} & set(operators)
    assert operators["Cast"] == 1  # to uint8
    assert report.notes == ()


def broken(graph, record):
    """A rewrite that raises when half of its work is done."""
    graph.nodes("Conv")[0].op_type = "Tanh"
    raise RuntimeError("no idea")


def wrong(graph, record):
    """A rewrite that changes the samples, and is content with itself."""
    (node,) = graph.nodes("Tanh")
    node.op_type = "Sigmoid"
    record.did(node.output[0])


def invalid(graph, record):
    """A rewrite whose graph no runtime takes."""
    (node,) = graph.nodes("Tanh")
    node.input[0] = "nothing"
    record.did(node.output[0])


@pytest.mark.parametrize(
    "place, rewrite, reason",
    [
        (1, broken, "no idea"),
        (4, wrong, "the samples changed by"),
        (8, invalid, "onnxruntime cannot run"),
    ],
)
def test_a_rewrite_that_fails_is_left_out_alone(
    exported, tmp_path, monkeypatch, place, rewrite, reason
):
    generator, expected = exported
    monkeypatch.setattr(
        passes, "PASSES", [*passes.PASSES[:place], rewrite, *passes.PASSES[place:]]
    )
    report = export(generator, tmp_path / "g.onnx")
    assert report.operators == expected.operators
    assert report.float_differences == expected.float_differences
    record = report.rewrites[place]
    assert record["rewrite"] == rewrite.__name__ and record["done"] == []
    assert reason in record["failed"]
    (note,) = report.notes
    assert note.startswith(f"The rewrite {rewrite.__name__} is left out: ")
    assert note in report.summary()
    others = [*report.rewrites[:place], *report.rewrites[place + 1 :]]
    done, wanted = (
        [(x["rewrite"], len(x["done"])) for x in records]
        for records in (others, expected.rewrites)
    )
    assert done == wanted


def test_the_report_tells_what_each_rewrite_did_and_why_not_more(exported):
    _, report = exported
    names = [rewrite.__name__ for rewrite in passes.PASSES]
    assert [record["rewrite"] for record in report.rewrites] == names
    records = {record["rewrite"]: record for record in report.rewrites}
    assert len(records["merge_upsampling"]["done"]) == 4
    assert len(records["split_phases"]["done"]) == 2
    assert records["merge_last"]["left"] == {}
    assert len(records["drop_first_transpose"]["done"]) == 1
    saved = json.loads(Path(f"{report.path}.report.json").read_text())
    assert saved["rewrites"] == list(report.rewrites)


def test_a_rewrite_says_why_it_leaves_a_layer(tmp_path):
    """The last layer but one has too few channels for phases."""
    report = export(dcgan(), tmp_path / "g.onnx")
    (record,) = (x for x in report.rewrites if x["rewrite"] == "split_phases")
    assert list(record["left"].values()) == ["it has fewer than 16 channels"]


def test_what_cannot_be_optimised_is_exported_plain(tmp_path, monkeypatch):
    def broken(*arguments, **settings):
        raise RuntimeError("no idea")

    monkeypatch.setattr(passes, "optimize", broken)
    report = export(dcgan(), tmp_path / "g.onnx")
    assert report.nodes_before > 0
    assert "not optimised: no idea" in report.notes[0]
    assert "not optimised" in report.summary()
    assert Sampler(tmp_path / "g.onnx").sample(2).shape == (2, 8, 8, 1)


def test_an_optimised_graph_that_differs_gives_way(tmp_path, monkeypatch):
    def wrong(model, *arguments, **settings):
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        for tensor in copy.graph.initializer:
            if tensor.dims and tensor.data_type == onnx.TensorProto.FLOAT:
                array = onnx.numpy_helper.to_array(tensor) * 1.1
                tensor.CopyFrom(onnx.numpy_helper.from_array(array, tensor.name))
        return copy, []

    monkeypatch.setattr(passes, "optimize", wrong)
    report = export(mlp((4,)), tmp_path / "g.onnx")
    assert "does not reproduce Keras" in report.notes[0]
    assert max(report.float_differences.values()) <= 1e-4


def test_weights_beyond_the_limit_of_a_file_go_beside_it(tmp_path, monkeypatch):
    expected = export(dcgan(10), tmp_path / "small.onnx")
    monkeypatch.setattr(conversion, "MAX_BYTES", 3000)
    report = export(dcgan(10), tmp_path / "g.onnx")
    data = tmp_path / "g.onnx.data"
    assert files_of(tmp_path / "g.onnx") == [data, tmp_path / "g.onnx"]
    assert report.size == data.stat().st_size + (tmp_path / "g.onnx").stat().st_size
    assert data.stat().st_size > 3000
    np.testing.assert_array_equal(
        Sampler(tmp_path / "g.onnx").sample(5),
        Sampler(tmp_path / "small.onnx").sample(5),
    )
    assert report.operators == expected.operators


def test_a_reduced_graph_is_refused_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("kgan_export.precision.comparison.LARGEST_FRECHET_SHARE", -1.0)
    with pytest.raises(ExportError, match="differ too much from the float32 ones"):
        export(mlp((4,)), tmp_path / "g.onnx", precision="fp16")
    assert not any(tmp_path.iterdir())
