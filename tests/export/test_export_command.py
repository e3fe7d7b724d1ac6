import json
import os

import keras
import pytest
import tensorflow as tf
from click.testing import CliRunner
from keras import layers
from small_generators import dcgan, tiny_onnx

from kgan_export import Sampler
from kgan_export.cli import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.keras"
    dcgan(10, channels=3).save(path)
    return path


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_keras_file_is_exported_beside_itself(model):
    result = run(model)
    assert result.exit_code == 0, result.output
    assert "equal to Keras at batch 1, 3, 64" in result.output
    assert Sampler(model.with_suffix(".onnx")).sample(2).shape == (2, 8, 8, 3)


def test_a_run_folder_is_exported_into_itself(model, tmp_path):
    (tmp_path / "model.keras").write_bytes(model.read_bytes())
    config = {"class_names": list("abcdefghij"), "dataset": "digits"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    metadata = Sampler(tmp_path / "generator.onnx").metadata
    assert metadata["dataset"] == "digits"
    assert metadata["class_names"] == list("abcdefghij")


def test_options_reach_the_export(model, tmp_path):
    output = tmp_path / "deep" / "g.onnx"
    options = ["--layout", "nchw", "--output-dtype", "float32", "--opset", 15]
    result = run(model, "-o", output, *options, "--static-batch", 2, "--json")
    report = json.loads(result.output)
    assert report["path"] == str(output)
    assert report["metadata"]["sample_shape"] == [3, 8, 8]
    assert report["metadata"]["output_dtype"] == "float32"
    assert report["metadata"]["opset"] == 15
    assert report["metadata"]["static_batch"] == 2
    assert report["float_differences"].keys() == {"2"}


def test_inspect_prints_the_metadata(tmp_path):
    path = tiny_onnx(tmp_path / "tiny.onnx")
    result = run("--inspect", path, "--json")
    assert json.loads(result.output)["latent_dim"] == 4
    lines = run("--inspect", path).output.splitlines()
    assert "latent_dim  4" in lines and "prior       normal" in lines


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "either SOURCE or --inspect"),
        (["none.keras"], "does not exist"),
        (["text.keras"], "model that Keras can load"),
        (["folder"], "config.json"),
        (["--inspect", "text.keras"], "onnxruntime can load"),
        (["text.keras", "--format", "tflite"], "tflite"),
        (["text.keras", "--opset", "19"], "19"),
        (["text.keras", "-o", "folder"], "The output must be free"),
    ],
    ids=str,
)
def test_a_mistake_gives_one_message(arguments, message):
    with CliRunner().isolated_filesystem():
        with open("text.keras", "w") as stream:
            stream.write("not a model")
        os.mkdir("folder")
        result = run(*arguments)
        assert sorted(os.listdir()) == ["folder", "text.keras"]
    assert result.exit_code != 0
    assert message in result.output
    assert isinstance(result.exception, SystemExit)


def test_code_inside_a_model_is_refused(tmp_path):
    """Keras's safe mode: a Lambda layer is bytecode."""
    z = keras.Input([6])
    x = layers.Lambda(lambda x: x * 2.0)(layers.Dense(4)(z))
    keras.Model(z, x).save(tmp_path / "model.keras")
    result = run(tmp_path / "model.keras")
    assert result.exit_code == 1 and "safe" in result.output
    assert os.listdir(tmp_path) == ["model.keras"]


@keras.saving.register_keras_serializable(package="test")
class Noise(layers.Layer):
    def call(self, x):
        return x + tf.random.normal(tf.shape(x))


def test_a_mismatch_exits_non_zero_and_leaves_nothing(tmp_path):
    z = keras.Input([6])
    keras.Model(z, Noise()(layers.Dense(4)(z))).save(tmp_path / "model.keras")
    result = run(tmp_path / "model.keras")
    assert result.exit_code == 1
    assert "does not reproduce Keras" in result.output
    assert os.listdir(tmp_path) == ["model.keras"]
