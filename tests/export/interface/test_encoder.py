"""The encoder of a BiGAN as an ONNX file: images in, codes out."""

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
from click.testing import CliRunner
from keras import layers
from small_generators import trained

import kgan
from kgan_export import Sampler, export
from kgan_export.cli import main
from kgan_export.interface.reading import read_metadata

SHAPE, SIZE = (8, 8, 3), 5
IMAGES = np.random.default_rng(0).integers(0, 256, (7, *SHAPE), dtype="uint8")


def bigan(stochastic):
    game = kgan.BiGAN(
        kgan.networks.dcgan.generator(SHAPE, latent_dim=SIZE, width=4),
        kgan.networks.bigan.discriminator(SHAPE, latent_dim=SIZE, width=4),
        kgan.networks.bigan.encoder(
            SHAPE, latent_dim=SIZE, width=4, stochastic=stochastic
        ),
        name="game",
    )
    rng = np.random.default_rng(1)
    for layer in game.ema_encoder.layers:  # as after training: no mean 0, no variance 1
        if hasattr(layer, "moving_mean"):
            layer.moving_mean.assign(rng.normal(size=layer.moving_mean.shape))
            layer.moving_variance.assign(rng.uniform(1, 2, layer.moving_mean.shape))
    return game


@pytest.fixture(scope="module", params=[False, True], ids=["bigan", "ali"])
def game(request):
    return bigan(request.param)


def test_images_in_codes_out(game, tmp_path):
    path = tmp_path / "encoder.onnx"
    report = export(game, path, network="encoder")
    constants = [tensor.name for tensor in onnx.load(path).graph.initializer]
    assert not [name for name in constants if name.startswith("levels")]
    session = onnxruntime.InferenceSession(path)
    (image,), (z,) = session.get_inputs(), session.get_outputs()
    assert (image.name, image.type) == ("image", "tensor(uint8)")
    assert image.shape == ["batch", *SHAPE]
    assert (z.name, z.type, z.shape) == ("z", "tensor(float)", ["batch", SIZE])
    (codes,) = session.run(None, {"image": IMAGES})
    expected = game.encode(IMAGES / np.float32(127.5) - 1)
    np.testing.assert_allclose(codes, expected, atol=1e-4)
    assert list(report.float_differences) == [1, 3, 64]
    assert max(report.float_differences.values()) <= 1e-4
    assert "image 8×8×3 uint8 in, 5 normal codes out" in report.summary()


def test_generator_and_encoder_are_composed(game, tmp_path):
    """Codes in, codes out: the images between stay in one file."""
    parts = []
    for network in ("generator", "encoder"):
        export(game, tmp_path / f"{network}.onnx", network=network)
        parts.append(onnx.load(tmp_path / f"{network}.onnx"))
    names = [("made/image", "read/image")]
    parts = [
        onnx.compose.add_prefix(part, prefix)
        for part, prefix in zip(parts, ("made/", "read/"), strict=True)
    ]
    whole = onnx.compose.merge_models(*parts, names)
    onnx.checker.check_model(whole, full_check=True)
    session = onnxruntime.InferenceSession(whole.SerializeToString())
    z = Sampler(tmp_path / "generator.onnx").latents(5)
    (codes,) = session.run(None, {"made/z": z})
    images = Sampler(tmp_path / "generator.onnx").generate(z)
    expected = game.encode(images / np.float32(127.5) - 1)
    np.testing.assert_allclose(codes, expected, atol=1e-4)


def test_layout_and_dtype_are_those_of_the_images(game, tmp_path):
    path = tmp_path / "encoder.onnx"
    options = {"layout": "nchw", "output_dtype": "float32", "static_batch": 7}
    export(game, path, network="encoder", **options)
    session = onnxruntime.InferenceSession(path)
    assert session.get_inputs()[0].shape == [7, 3, 8, 8]
    images = IMAGES / np.float32(127.5) - 1
    (codes,) = session.run(None, {"image": images.transpose(0, 3, 1, 2)})
    np.testing.assert_allclose(codes, game.encode(images), atol=1e-4)
    metadata = read_metadata(path)
    assert metadata["network"] == "encoder" and metadata["static_batch"] == 7
    assert metadata["inputs"] == [
        {
            "name": "image",
            "kind": "image",
            "shape": [3, 8, 8],
            "layout": "nchw",
            "dtype": "float32",
            "range": [-1.0, 1.0],
        }
    ]
    assert metadata["outputs"][0]["name"] == "z" and metadata["outputs"][0][
        "shape"
    ] == [SIZE]
    with pytest.raises(ValueError, match="A sampler needs a generator"):
        Sampler(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"network": "decoder"}, "one of generator, encoder"),
        ({"network": "encoder", "format": "saved_model"}, "format='saved_model'"),
        ({"network": "encoder", "precision": "fp16"}, "precision='fp16'"),
    ],
)
def test_mistakes(options, message, game, tmp_path):
    with pytest.raises(ValueError, match=message):
        export(game, tmp_path / "encoder.onnx", **options)
    assert not list(tmp_path.iterdir())


def test_command_exports_both(tmp_path):
    path = tmp_path / "game.keras"
    game = bigan(False)
    game.compile()
    game.save(path)
    for options, name in (
        ([], "game.onnx"),
        (["--network", "encoder"], "game-encoder.onnx"),
    ):
        result = CliRunner().invoke(main, [str(path), *options])
        assert result.exit_code == 0, result.output
        assert (tmp_path / name).exists()
    generator = kgan.networks.dcgan.generator(SHAPE, latent_dim=SIZE, width=4)
    generator.save(path)
    result = CliRunner().invoke(main, [str(path), "--network", "encoder"])
    assert result.exit_code == 1 and "a model with an encoder" in result.output


class Autoencoder(keras.Model):
    """Stands for a variational auto-encoder of kgan: what it says of itself."""

    output_names = None
    num_classes = 4
    condition_shape = (2,)
    prior = kgan.priors.Normal()
    step = 7

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    @property
    def inference_networks(self):
        return {"generator": self.decoder, "encoder": self.encoder}


@pytest.fixture(scope="module")
def autoencoder():
    """Both networks take classes and attributes; the encoder gives means first."""
    label = keras.Input([], dtype="int64", name="label")
    condition = keras.Input([2], name="condition")
    z, x = keras.Input([SIZE], name="z"), keras.Input(SHAPE, name="x")
    told = layers.Concatenate()([layers.Embedding(4, 3)(label), condition])
    flat = layers.Concatenate()([layers.Flatten()(x), told])
    encoder = keras.Model([condition, x, label], layers.Dense(2 * SIZE)(flat))
    told = layers.Concatenate()([layers.Embedding(4, 3)(label), condition, z])
    image = layers.Dense(int(np.prod(SHAPE)), activation="tanh")(told)
    decoder = keras.Model([z, condition, label], layers.Reshape(SHAPE)(image))
    return Autoencoder(trained(encoder), trained(decoder))


def test_an_encoder_of_any_model_is_exported_with_its_conditions(autoencoder, tmp_path):
    path = tmp_path / "encoder.onnx"
    report = export(autoencoder, path, network="encoder")
    assert report.metadata["network"] == "encoder"
    assert [x["name"] for x in report.metadata["inputs"]] == [
        "image",
        "label",
        "condition",
    ]
    assert report.metadata["training_steps"] == 7
    session = onnxruntime.InferenceSession(path)
    labels, conditions = np.arange(7) % 4, np.ones([7, 2], "float32")
    feed = {"image": IMAGES, "label": labels, "condition": conditions}
    (codes,) = session.run(None, feed)
    images = IMAGES / np.float32(127.5) - 1
    means = autoencoder.encoder([conditions, images, labels])[:, :SIZE]
    np.testing.assert_allclose(codes, means, atol=1e-4)


def test_its_decoder_is_the_generator(autoencoder, tmp_path):
    export(autoencoder, tmp_path / "g.onnx")
    metadata = Sampler(tmp_path / "g.onnx").metadata
    assert (metadata["num_classes"], metadata["condition_shape"]) == (4, [2])
    assert metadata["network"] == "generator" and metadata["prior"] == "normal"
