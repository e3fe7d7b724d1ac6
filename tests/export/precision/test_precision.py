import keras
import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from keras import layers
from small_generators import dcgan, mlp, trained

from kgan_export import ExportError, Sampler, export
from kgan_export.cli import main
from kgan_export.precision import comparison, float16, int8
from kgan_export.precision.comparison import compare_reduced


def wide():
    """Wide enough for its transposed convolution to be split into phases."""
    z = keras.Input([10], name="z")
    x = layers.Reshape((4, 4, 64))(layers.Dense(1024, activation="relu")(z))
    x = layers.Conv2DTranspose(32, 4, 2, padding="same", activation="relu")(x)
    x = layers.Conv2D(3, 3, padding="same")(x)
    return trained(keras.Model(z, layers.Activation("tanh")(0.02 * x)))


def types(path):
    return {tensor.data_type for tensor in onnx.load(path).graph.initializer}


def test_float16_halves_the_file(tmp_path):
    full = export(wide(), tmp_path / "full.onnx")
    report = export(wide(), tmp_path / "half.onnx", precision="fp16")
    assert report.size < 0.65 * full.size
    assert max(report.float_differences.values()) <= 2e-2
    assert report.metadata["precision"] == "fp16"
    assert onnx.TensorProto.FLOAT16 in types(tmp_path / "half.onnx")
    samplers = [Sampler(tmp_path / f"{name}.onnx") for name in ("full", "half")]
    a, b = (sampler.sample(8).astype(int) for sampler in samplers)
    assert np.abs(a - b).max() <= 1
    inputs = samplers[1].session.get_inputs()
    assert [value.type for value in inputs] == ["tensor(float)"]


def test_int8_keeps_channels_last_as_its_kernels_want_them(tmp_path):
    full, reduced = (
        export(wide(), tmp_path / f"{precision}.onnx", precision=precision)
        for precision in ("fp32", "int8")
    )
    # That before the first convolution, which the runtime cancels with its own.
    assert reduced.operators["Transpose"] == full.operators["Transpose"] + 1


def test_float16_keeps_the_layers_in_float_that_cost_grey_levels(tmp_path):
    """Numbers near 24 are a 64th apart in float16: this bias moves by 0.0075."""
    z = keras.Input([10], name="z")
    x = layers.Dense(8, activation="relu", name="first")(z)
    y = layers.Dense(4, activation="tanh", name="last")(x)
    y = layers.Multiply()([y, layers.Dense(4, name="other")(x)])  # reads x as well
    generator = keras.Model(z, layers.Reshape((2, 2, 1))(y))
    _, first, last, other, *_ = generator.layers
    random = np.random.default_rng(0)
    kernel, bias = random.normal(0, 0.3, (10, 8)), np.zeros(8)
    kernel[:, :3], bias[:3] = 0.0, 8.0
    first.set_weights([kernel, bias])
    kernel = random.normal(0, 0.3, (8, 4))
    kernel[:3] = 1.0
    last.set_weights([kernel, np.full(4, -23.9925)])
    other.set_weights([np.zeros((8, 4)), np.ones(4)])
    report = export(generator, tmp_path / "g.onnx", precision="fp16")
    assert any("last" in name for name in report.reduction["layers_in_float"])
    assert not any("first" in name for name in report.reduction["layers_in_float"])
    assert max(report.float_differences.values()) <= float16.LARGEST_ERROR
    assert max(report.level_differences.values()) <= 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(float16, "LARGEST_ERROR", 1.0)
        report = export(generator, tmp_path / "g.onnx", precision="fp16")
    assert max(report.float_differences.values()) > 0.5 / 127.5


def test_int8_is_standard_onnx_and_near_the_floats(tmp_path):
    report = export(wide(), tmp_path / "g.onnx", precision="int8")
    model = onnx.load(tmp_path / "g.onnx")
    assert {entry.domain for entry in model.opset_import} == {""}
    assert {node.domain for node in model.graph.node} == {""}
    assert onnx.TensorProto.INT8 in types(tmp_path / "g.onnx")
    found = report.reduction
    assert found["frechet_share"] <= int8.LARGEST_ERROR * 1.01  # N - 1 against N
    assert found["num_samples"] == 256 and found["features"] == "pixels"
    assert found["size"]["reduced"] == report.size < found["size"]["fp32"]
    assert found["kernel_levels"]["mean"] <= comparison.KERNEL_MEAN
    assert found["kernel_levels"]["largest"] <= comparison.KERNEL_LARGEST
    assert set(found["samples_per_second"]) == {"fp32", "reduced"}
    assert "Fréchet distance to float32" in report.summary()


def test_layers_in_float_are_not_quantised_by_the_runtime(tmp_path):
    """A transposed convolution between integers: onnxruntime would give its weights
    eight bits and one scale, which moves these samples by 1.15 levels on average."""
    report = export(dcgan(4), tmp_path / "g.onnx", precision="int8")
    assert report.operators["ConvTranspose"] == 1
    assert report.reduction["kernel_levels"]["mean"] < 0.01


def test_the_layer_that_harms_most_stays_in_float(tmp_path):
    """Weights of a dead input, far above all others, cost those their precision."""
    generator = wide()
    _, dense, _, transposed, *_ = generator.layers
    kernel, bias = dense.get_weights()
    bias[::64] = -100.0
    dense.set_weights([kernel, bias])
    kernel, bias = transposed.get_weights()
    kernel[..., 0] = 300.0
    transposed.set_weights([kernel, bias])
    report = export(generator, tmp_path / "g.onnx", precision="int8")
    kept = report.reduction["layers_in_float"]
    assert any(transposed.name in layer for layer in kept)
    assert any(node == "QuantizeLinear" for node in report.operators)
    assert report.reduction["frechet_share"] <= int8.LARGEST_ERROR * 1.01


class Session:
    """Stands for an onnxruntime session: gives the code, moved."""

    def __init__(self, shift):
        self.shift = shift

    def run(self, names, feed):
        return [feed["z"] + self.shift]


def test_the_frechet_distance_is_that_of_moved_samples():
    """A shift by s of d coordinates of variance 1 costs s² d, a share of s²."""
    z = np.random.default_rng(0).normal(size=(500, 4)).astype("float32")
    found = compare_reduced(
        Session(0.0), Session(0.05), [{"z": z[:250]}, {"z": z[250:]}]
    )
    variance = z.var(axis=0, ddof=1).sum()
    assert found["frechet_distance"] == pytest.approx(4 * 0.05**2, rel=1e-3)
    assert found["frechet_share"] == pytest.approx(0.01 / variance, rel=1e-3)
    assert found["largest_difference"] == pytest.approx(0.05, rel=1e-3)
    with pytest.raises(ExportError, match="Use fp32"):
        compare_reduced(Session(0.0), Session(0.2), [{"z": z}])


def test_kernels_that_differ_from_the_operators_are_refused():
    z = np.float32([[-1.0, 1.0]] * 80)
    level = 2 / 255
    found = compare_reduced(Session(0), Session(0), [{"z": z}], Session(0.2 * level))
    assert found["kernel_levels"]["mean"] == pytest.approx(0.2, rel=1e-3)
    assert found["kernel_levels"]["largest"] == pytest.approx(0.2, rel=1e-3)
    with pytest.raises(ExportError, match="0.60 grey levels on average"):
        compare_reduced(Session(0), Session(0), [{"z": z}], Session(0.6 * level))
    once = np.zeros_like(z)
    once[0, 0] = 21 * level
    with pytest.raises(ExportError, match="up to 21.0"):
        compare_reduced(Session(0), Session(0), [{"z": z}], Session(once))


def test_a_precision_of_other_formats_is_refused(tmp_path):
    for settings in (
        {"precision": "fp8"},
        {"precision": "fp16", "format": "saved_model"},
    ):
        with pytest.raises(
            ValueError, match="`precision` must.*\nReceived: precision="
        ):
            export(mlp((4,)), tmp_path / "g", **settings)


def test_the_command_takes_a_precision(tmp_path):
    dcgan(4).save(tmp_path / "g.keras")
    result = CliRunner().invoke(main, [f"{tmp_path}/g.keras", "--precision", "int8"])
    assert result.exit_code == 0, result.output
    assert "int8: Fréchet distance" in result.output
