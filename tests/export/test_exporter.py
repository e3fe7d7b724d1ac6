import hashlib
import json
import os

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from keras import layers
from small_generators import conditional_input, dcgan, mlp, trained

import kgan
import kgan_export
from kgan._core.images import grey_levels
from kgan.latents import default_labels, latents
from kgan_export import ExportError, Sampler, export


def interface(path):
    session = onnxruntime.InferenceSession(path)
    values = [*session.get_inputs(), *session.get_outputs()]
    return [(value.name, value.type, value.shape) for value in values]


@pytest.mark.parametrize("num_classes", [None, 10])
@pytest.mark.parametrize("channels", [1, 3])
def test_onnx_gives_the_samples_of_keras(tmp_path, num_classes, channels):
    generator = dcgan(num_classes, channels)
    report = export(generator, tmp_path / "g.onnx")
    samples = Sampler(tmp_path / "g.onnx").sample(70, seed=5)
    z = latents("normal", 70, 10, seed=5)
    expected = generator([z, default_labels(70, 10)] if num_classes else z)
    assert samples.dtype == np.uint8
    assert np.abs(samples - grey_levels(expected)).max() <= 1
    assert list(report.float_differences) == [1, 3, 64]
    assert max(report.float_differences.values()) <= 1e-4
    assert max(report.level_differences.values()) <= 1


def test_the_graph_has_clean_names_and_a_dynamic_batch(tmp_path):
    export(dcgan(10), tmp_path / "g.onnx")
    assert interface(tmp_path / "g.onnx") == [
        ("z", "tensor(float)", ["batch", 10]),
        ("label", "tensor(int64)", ["batch"]),
        ("image", "tensor(uint8)", ["batch", 8, 8, 1]),
    ]


def test_nchw_is_what_torch_fidelity_takes(tmp_path):
    """Input 0 float32 [N, z], input 1 int64 [N], output 0 uint8 [N, 3, H, W]."""
    generator = dcgan(10, channels=3)
    export(generator, tmp_path / "g.onnx", layout="nchw")
    assert interface(tmp_path / "g.onnx") == [
        ("z", "tensor(float)", ["batch", 10]),
        ("label", "tensor(int64)", ["batch"]),
        ("image", "tensor(uint8)", ["batch", 3, 8, 8]),
    ]
    export(generator, tmp_path / "nhwc.onnx")
    nchw, nhwc = (
        Sampler(tmp_path / name).sample(12) for name in ("g.onnx", "nhwc.onnx")
    )
    np.testing.assert_array_equal(nchw, nhwc.transpose(0, 3, 1, 2))


def test_float_output(tmp_path):
    generator = dcgan()
    report = export(generator, tmp_path / "g.onnx", output_dtype="float32")
    samples = Sampler(tmp_path / "g.onnx").sample(5)
    assert samples.dtype == np.float32
    np.testing.assert_allclose(
        samples, generator(latents("normal", 5, 10, seed=0)), atol=1e-5
    )
    assert report.level_differences is None
    assert report.metadata["output_range"] == [-1.0, 1.0]


@pytest.mark.parametrize("opset", [13, 15, 18])
def test_opsets(tmp_path, opset):
    export(dcgan(10), tmp_path / "g.onnx", opset=opset)
    (entry,) = onnx.load(tmp_path / "g.onnx").opset_import
    assert (entry.domain, entry.version) == ("", opset)


def test_static_batch(tmp_path):
    report = export(dcgan(10), tmp_path / "g.onnx", static_batch=4)
    assert [shape[0] for _, _, shape in interface(tmp_path / "g.onnx")] == [4, 4, 4]
    assert list(report.float_differences) == [4]
    export(dcgan(10), tmp_path / "free.onnx")
    fixed, free = (Sampler(tmp_path / name) for name in ("g.onnx", "free.onnx"))
    difference = fixed.sample(10).astype(int) - free.sample(10)
    assert np.abs(difference).max() <= 1


def test_batch_normalisation_leaves_the_graph(tmp_path):
    """A folded generator has as many nodes as the same one without normalisation."""
    z = keras.Input([10])
    x = layers.Reshape((4, 4, 16))(layers.Dense(256)(z))
    x = layers.Conv2DTranspose(8, 4, 2, padding="same")(layers.ReLU()(x))
    x = layers.Conv2D(1, 3, padding="same", activation="tanh")(layers.ReLU()(x))
    bare = export(trained(keras.Model(z, x)), tmp_path / "bare.onnx")
    folded = export(dcgan(), tmp_path / "folded.onnx")
    assert folded.nodes == bare.nodes
    assert folded.operators["Mul"] == 1  # of the quantisation


@pytest.mark.parametrize(
    "sample_shape, kind, dtype",
    [
        ((5,), "sample", np.float32),
        ((40, 2), "audio", np.float32),
        ((6, 4, 3), "image", np.uint8),
        ((3, 6, 4, 3), "video", np.uint8),
    ],
)
def test_the_output_is_named_after_the_kind_of_sample(
    tmp_path, sample_shape, kind, dtype
):
    export(mlp(sample_shape), tmp_path / "g.onnx")
    sampler = Sampler(tmp_path / "g.onnx")
    assert sampler.session.get_outputs()[0].name == sampler.metadata["kind"] == kind
    samples = sampler.sample(2)
    assert samples.shape == (2, *sample_shape)
    assert samples.dtype == dtype


def test_metadata_tells_what_an_application_needs(tmp_path):
    names = [f"class {i}" for i in range(10)]
    export(dcgan(10, 3), tmp_path / "g.onnx", class_names=names)
    metadata = Sampler(tmp_path / "g.onnx").metadata
    versions = metadata.pop("libraries")
    assert versions["tensorflow"] == tf.__version__
    assert metadata == {
        "kgan_version": kgan.__version__,
        "format_version": 1,
        "network": "generator",
        "architecture": "small_dcgan",
        "latent_dim": 10,
        "prior": "normal",
        "latents": "kgan-latents-1",
        "truncation": "scale",
        "num_classes": 10,
        "class_names": names,
        "condition_shape": None,
        "kind": "image",
        "sample_shape": [8, 8, 3],
        "layout": "nhwc",
        "output_dtype": "uint8",
        "output_range": [0, 255],
        "inputs": None,
        "outputs": [
            {
                "name": "image",
                "kind": "image",
                "shape": [8, 8, 3],
                "layout": "nhwc",
                "dtype": "uint8",
                "range": [0, 255],
            }
        ],
        "extra_inputs": [],
        "static_batch": None,
        "opset": 17,
        "precision": "fp32",
        "training_steps": None,
        "dataset": None,
        "preset": None,
        "licence": None,
        "settings": None,
        "scores": None,
    }


def test_the_report_stands_beside_the_file(tmp_path):
    report = export(dcgan(), tmp_path / "g.onnx")
    saved = json.loads((tmp_path / "g.onnx.report.json").read_text())
    assert saved["path"] == str(tmp_path / "g.onnx")
    assert saved["size"] == os.path.getsize(tmp_path / "g.onnx") == report.size
    assert saved["nodes"] == len(onnx.load(tmp_path / "g.onnx").graph.node)
    assert "Exported" in report.summary()
    assert sorted(os.listdir(tmp_path)) == [
        "g.onnx",
        "g.onnx.json",
        "g.onnx.report.json",
    ]


def test_the_metadata_stand_beside_the_file_with_its_hash(tmp_path):
    report = export(dcgan(), tmp_path / "g.onnx")
    saved = json.loads((tmp_path / "g.onnx.json").read_text())
    content = (tmp_path / "g.onnx").read_bytes()
    assert saved.pop("files") == [
        {
            "name": "g.onnx",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    ]
    assert saved == report.metadata


class Noise(layers.Layer):
    """A layer that an export cannot reproduce: it draws its own random numbers."""

    def call(self, x):
        return x + tf.random.normal(tf.shape(x))


class Foreign(layers.Layer):
    """A layer whose operator ONNX does not have."""

    def call(self, x):
        return tf.math.real(tf.signal.fft(tf.cast(x, tf.complex64)))


@pytest.mark.parametrize(
    "layer, message",
    [
        (Noise(), "does not reproduce Keras"),
        (Foreign(), "outside ai.onnx: .*FFT"),
    ],
    ids=["noise", "foreign"],
)
def test_what_cannot_be_exported_leaves_nothing_behind(tmp_path, layer, message):
    z = keras.Input([6])
    x = layers.Reshape((4, 4))(layers.Dense(16)(z))
    generator = keras.Model(z, layer(x))
    with pytest.raises(ExportError, match=message):
        export(generator, tmp_path / "g.onnx")
    assert os.listdir(tmp_path) == []


def test_a_mismatch_keeps_the_earlier_export(tmp_path):
    export(dcgan(), tmp_path / "g.onnx")
    before = {p: (tmp_path / p).read_bytes() for p in os.listdir(tmp_path)}
    z, inputs, x = conditional_input(None, 6)
    generator = keras.Model(inputs, Noise()(layers.Dense(4)(x)))
    with pytest.raises(ExportError, match="does not reproduce Keras"):
        export(generator, tmp_path / "g.onnx")
    assert {p: (tmp_path / p).read_bytes() for p in os.listdir(tmp_path)} == before


def test_a_generator_that_gives_nan_is_refused(tmp_path):
    generator = mlp((4,))
    generator.layers[1].bias.assign([np.nan] * 4)
    with pytest.raises(ExportError, match="nan"):
        export(generator, tmp_path / "g.onnx")


def test_mixed_precision_is_exported_in_float32(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = dcgan(10)
    finally:
        keras.config.set_dtype_policy("float32")
    export(generator, tmp_path / "g.onnx")
    model = onnx.load(tmp_path / "g.onnx")
    types = {tensor.data_type for tensor in model.graph.initializer}
    assert onnx.TensorProto.BFLOAT16 not in types


def test_a_generator_created_under_a_strategy(tmp_path):
    with tf.distribute.MirroredStrategy(["/cpu:0"]).scope():
        generator = dcgan(10)
    report = export(generator, tmp_path / "g.onnx")
    assert max(report.float_differences.values()) <= 1e-4


def column_label():
    z = keras.Input([6])
    label = keras.Input([1], dtype="int32")
    embedded = layers.Flatten()(layers.Embedding(5, 3)(label))
    return [z, label], layers.Dense(4)(layers.Concatenate()([z, embedded]))


def nested():
    h = keras.Input([8])
    inner = keras.Model(h, layers.BatchNormalization()(layers.Dense(4)(h)))
    z = keras.Input([6])
    return z, inner(layers.Dense(8)(z))


def own_functions():
    z = keras.Input([6])
    x = layers.Lambda(lambda x: x * 0.5)(layers.Dense(4)(z))
    return z, keras.ops.tanh(x + 1.0)


def shared_layer():
    z = keras.Input([6])
    dense = layers.Dense(6)
    return z, dense(layers.BatchNormalization()(dense(z)))


def resized():
    z = keras.Input([6])
    x = layers.Reshape((2, 2, 4))(layers.Dense(16)(z))
    x = layers.Conv2D(3, 3, padding="same")(layers.UpSampling2D(2)(x))
    return z, layers.UpSampling2D(2, interpolation="bilinear")(x)


def spectral():
    z = keras.Input([6])
    x = layers.SpectralNormalization(layers.Dense(4))(z)
    return z, layers.BatchNormalization()(x)


@pytest.mark.parametrize(
    "make", [column_label, nested, own_functions, shared_layer, resized, spectral]
)
def test_generators_of_other_builds(tmp_path, make):
    """Export compares with Keras itself; what it accepts is equal."""
    report = export(trained(keras.Model(*make())), tmp_path / "g.onnx")
    assert max(report.float_differences.values()) <= 1e-5


def test_a_gan_is_exported_by_its_ema_generator(tmp_path):
    """Sampler and `GAN.generate` give the same samples for the same seed."""
    shape = (16, 16, 3)
    gan = kgan.GAN(
        kgan.networks.dcgan.generator(shape, latent_dim=8, width=8, num_classes=4),
        kgan.networks.dcgan.discriminator(shape, width=8, num_classes=4),
        prior="truncated_normal",
    )
    trained(gan.ema_generator)
    export(gan, tmp_path / "g.onnx")
    sampler = Sampler(tmp_path / "g.onnx")
    for settings in ({}, {"seed": 9, "labels": 2}, {"truncation": 0.5}):
        expected = grey_levels(gan.generate(10, **settings))
        samples = sampler.sample(10, **settings)
        assert np.abs(samples - expected).max() <= 1
    assert sampler.metadata["prior"] == "truncated_normal"
    assert sampler.metadata["num_classes"] == 4
    assert sampler.metadata["training_steps"] == 0


@pytest.mark.parametrize(
    "arguments, name",
    [
        ({"format": "tflite"}, "format"),
        ({"opset": 19}, "opset"),
        ({"layout": "hwcn"}, "layout"),
        ({"output_dtype": "int8"}, "output_dtype"),
        ({"static_batch": 0}, "static_batch"),
        ({"class_names": ["a"]}, "class_names"),
    ],
)
def test_wrong_arguments_are_named(tmp_path, arguments, name):
    with pytest.raises(ValueError, match=f"`{name}` must.*\nReceived: {name}="):
        kgan_export.export(dcgan(), tmp_path / "g.onnx", **arguments)
    assert os.listdir(tmp_path) == []


def test_nchw_of_a_sound_is_refused(tmp_path):
    with pytest.raises(ValueError, match="nchw is for images"):
        export(mlp((40, 2)), tmp_path / "g.onnx", layout="nchw")


def test_a_folder_in_the_way_is_kept(tmp_path):
    (tmp_path / "g.onnx").mkdir()
    with pytest.raises(ValueError, match="The output must be free"):
        export(dcgan(), tmp_path / "g.onnx")
