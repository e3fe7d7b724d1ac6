import keras
import numpy as np
import onnx
import pytest
from keras import layers
from small_generators import dcgan, mlp, trained

from kgan_export import ExportError, Sampler, export
from kgan_export import onnx as onnx_format
from kgan_export.files import files_of


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


def test_a_resnet_loses_its_shape_arithmetic_and_transposes(tmp_path):
    """Keras repeats with ten operators an axis, and looks labels up with nine."""
    report = export(resnet(), tmp_path / "g.onnx")
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


def test_what_cannot_be_optimised_is_exported_plain(tmp_path, monkeypatch):
    def broken(model):
        raise RuntimeError("no idea")

    monkeypatch.setattr(onnx_format, "optimise", broken)
    report = export(dcgan(), tmp_path / "g.onnx")
    assert report.nodes_before > 0
    assert "not optimised: no idea" in report.notes[0]
    assert "not optimised" in report.summary()
    assert Sampler(tmp_path / "g.onnx").sample(2).shape == (2, 8, 8, 1)


def test_an_optimised_graph_that_differs_gives_way(tmp_path, monkeypatch):
    def wrong(model):
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        for tensor in copy.graph.initializer:
            if tensor.dims and tensor.data_type == onnx.TensorProto.FLOAT:
                array = onnx.numpy_helper.to_array(tensor) * 1.1
                tensor.CopyFrom(onnx.numpy_helper.from_array(array, tensor.name))
        return copy

    monkeypatch.setattr(onnx_format, "optimise", wrong)
    report = export(mlp((4,)), tmp_path / "g.onnx")
    assert "does not reproduce Keras" in report.notes[0]
    assert max(report.float_differences.values()) <= 1e-4


def test_weights_beyond_the_limit_of_a_file_go_beside_it(tmp_path, monkeypatch):
    expected = export(dcgan(10), tmp_path / "small.onnx")
    monkeypatch.setattr(onnx_format, "MAX_BYTES", 3000)
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
    monkeypatch.setattr("kgan_export.precision.LARGEST_FRECHET_SHARE", -1.0)
    with pytest.raises(ExportError, match="differ too much from the float32 ones"):
        export(mlp((4,)), tmp_path / "g.onnx", precision="fp16")
    assert not any(tmp_path.iterdir())
