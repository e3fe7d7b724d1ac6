import json
import os
import subprocess

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from small_generators import conditional_input, dcgan

from kgan.latents import default_labels, latents
from kgan_export import ExportError, export
from kgan_export.formats import saved_model_format
from kgan_export.formats.saved_model_format import fresh_process


def test_saved_model_serves_the_samples_of_keras(tmp_path):
    """One export, many checks: each costs a process that imports TensorFlow."""
    generator = dcgan(10)
    target = tmp_path / "model"
    report = export(generator, target, format="saved_model")
    z = latents("normal", 5, 10, seed=2)
    label = default_labels(5, 10)
    signatures = tf.saved_model.load(str(target)).signatures
    serve = signatures["serving_default"]
    (image,) = serve(z=tf.constant(z), label=tf.constant(label)).values()
    expected = np.floor(127.5 * np.asarray(generator([z, label])) + 128)

    places = {"seed": tf.fill([5], tf.constant(2, tf.int64)), "sample": tf.range(5)}
    places["sample"] = tf.cast(places["sample"], tf.int64)
    (drawn,) = signatures["seeds"](**places, label=tf.constant(label)).values()
    assert np.abs(np.int64(drawn) - np.int64(image)).max() <= 1

    assert serve.structured_outputs["image"].shape.as_list() == [None, 8, 8, 1]
    assert image.dtype == tf.uint8
    assert np.abs(image - np.clip(expected, 0, 255)).max() <= 1
    assert list(report.float_differences) == [1, 3, 64]
    assert report.size == sum(
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(target)
        for name in names
    )
    metadata = json.loads((target / "assets.extra" / "kgan.json").read_text())
    assert metadata == report.metadata
    assert metadata["opset"] is None
    assert sorted(os.listdir(tmp_path)) == [
        "model",
        "model.json",
        "model.report.json",
    ]

    # A later export replaces it.
    (target / "old").touch()
    export(dcgan(), target, format="saved_model", output_dtype="float32")
    assert not (target / "old").exists()
    assert (
        "label"
        not in tf.saved_model.load(str(target))
        .signatures["serving_default"]
        .structured_input_signature[1]
    )
    assert sorted(os.listdir(tmp_path)) == [
        "model",
        "model.json",
        "model.report.json",
    ]


class Noise(layers.Layer):
    def call(self, x):
        return x + tf.random.normal(tf.shape(x))


def test_a_mismatch_keeps_the_earlier_folder(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "saved_model.pb").write_text("an earlier export")
    z, inputs, x = conditional_input(None, 6)
    generator = keras.Model(inputs, Noise()(layers.Dense(4)(x)))
    with pytest.raises(ExportError, match="does not reproduce Keras"):
        export(generator, target, format="saved_model")
    assert os.listdir(tmp_path) == ["model"]
    assert (target / "saved_model.pb").read_text() == "an earlier export"


def test_the_checking_process_runs_on_request_alone(tmp_path, monkeypatch):
    """It waits for the models, says what fails, and ends with its context."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(saved_model_format.subprocess, "Popen", Popen)
    with pytest.raises(KeyError), fresh_process([tmp_path / "unwritten"]):
        raise KeyError
    assert started[0].returncode is not None
    with (
        fresh_process([tmp_path / "missing"]) as run,
        pytest.raises(ExportError, match="does not reload:(.|\n)*missing"),
    ):
        run(None, [{"z": np.zeros((1, 2), np.float32)}])


def test_a_folder_that_is_no_export_is_kept(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ValueError, match="saved_model.pb to replace"):
        export(dcgan(), tmp_path, format="saved_model")
    assert os.listdir(tmp_path) == ["thesis.tex"]
