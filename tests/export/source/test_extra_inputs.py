"""Inputs beside code and label, and several outputs, go through export and Sampler."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from small_generators import trained

from kgan.latents import latents, noise
from kgan_export import Sampler, export


def noisy(num_classes=3):
    """A toy generator that takes noise of a layer and uniform numbers."""
    z = keras.Input([6], name="z")
    label = keras.Input([], dtype="int64", name="label")
    grain = keras.Input([4, 4, 1], name="grain")
    dice = keras.Input([5], name="dice")
    x = layers.Concatenate()([z, layers.Embedding(num_classes, 3)(label), dice])
    x = layers.Reshape((4, 4, 1))(layers.Dense(16)(x))
    x = layers.Activation("tanh")(layers.Conv2D(3, 3, padding="same")(x + grain))
    return trained(keras.Model([z, label, grain, dice], x))


def expected(generator, n, seed, start=0):
    feed = [
        latents("normal", n, 6, seed, start),
        np.arange(start, start + n) % 3,
        noise("normal", n, [4, 4, 1], seed, "grain", start),
        noise("unit", n, [5], seed, "dice", start),
    ]
    return np.asarray(generator(feed))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path = tmp_path_factory.mktemp("noisy") / "g.onnx"
    generator = noisy()
    report = export(generator, path, inputs={"dice": "unit"}, output_dtype="float32")
    return generator, report, Sampler(path)


def test_further_inputs_are_declared_in_the_metadata(exported):
    _, report, sampler = exported
    assert report.metadata["extra_inputs"] == [
        {"name": "grain", "shape": [4, 4, 1], "distribution": "normal"},
        {"name": "dice", "shape": [5], "distribution": "unit"},
    ]
    names = [value.name for value in sampler.session.get_inputs()]
    assert names == ["z", "label", "grain", "dice"]


def test_the_sampler_draws_them_from_seed_name_and_position(exported):
    generator, _, sampler = exported
    samples = sampler.sample(5, seed=4, start=2, batch_size=2)
    np.testing.assert_allclose(samples, expected(generator, 5, 4, start=2), atol=1e-5)


def test_they_can_be_given_or_are_those_of_seed_0(exported):
    generator, _, sampler = exported
    z = sampler.latents(4, seed=0)
    np.testing.assert_allclose(
        sampler.generate(z), expected(generator, 4, seed=0), atol=1e-5
    )
    given = sampler.generate(z, extras=sampler.extras(4, seed=0), batch_size=3)
    np.testing.assert_allclose(given, sampler.generate(z), atol=1e-6)
    silent = sampler.generate(z, extras={"grain": np.zeros([4, 4, 4, 1])})
    assert np.abs(silent - given).max() > 0.01


@pytest.mark.parametrize("extras", [{"grain": np.zeros([4, 4])}, {"other": [0.0] * 4}])
def test_arrays_that_do_not_fit_are_refused(exported, extras):
    z = np.zeros([4, 6], np.float32)
    with pytest.raises(ValueError, match="`extras` must be arrays"):
        exported[2].generate(z, extras=extras)


@pytest.mark.slow
def test_a_saved_model_takes_them_too(tmp_path):
    export(noisy(), tmp_path / "served", format="saved_model", inputs={"dice": "unit"})
    model = tf.saved_model.load(str(tmp_path / "served"))
    inputs = model.signatures["serving_default"].structured_input_signature[1]
    assert sorted(inputs) == ["dice", "grain", "label", "z"]


@pytest.fixture(scope="module")
def couple(tmp_path_factory):
    """Two images of one code, and a flat output."""
    z = keras.Input([6], name="z")
    image_a = layers.Reshape((2, 2, 3))(layers.Dense(12, activation="tanh")(z))
    image_b = layers.Reshape((4, 4, 1))(layers.Dense(16, activation="tanh")(z))
    outputs = {"image_a": image_a, "image_b": image_b, "mask": layers.Dense(2)(z)}
    path = tmp_path_factory.mktemp("couple") / "g.onnx"
    generator = trained(keras.Model(z, outputs))
    export(generator, path)
    return generator, Sampler(path)


def test_a_dict_of_outputs_gives_named_outputs(couple):
    generator, sampler = couple
    samples = sampler.sample(5, seed=1, batch_size=2)
    truth = generator(latents("normal", 5, 6, seed=1))
    assert list(samples) == ["image_a", "image_b", "mask"]
    for name in ("image_a", "image_b"):
        levels = np.clip(np.floor(127.5 * np.asarray(truth[name]) + 128), 0, 255)
        assert samples[name].dtype == np.uint8
        assert np.abs(samples[name] - levels).max() <= 1
    np.testing.assert_allclose(samples["mask"], truth["mask"], atol=1e-5)


def test_each_output_is_described(couple):
    outputs = couple[1].metadata["outputs"]
    told = [(x["name"], x["kind"], x["shape"], x["dtype"]) for x in outputs]
    assert told == [
        ("image_a", "image", [2, 2, 3], "uint8"),
        ("image_b", "image", [4, 4, 1], "uint8"),
        ("mask", "sample", [2], "float32"),
    ]
    assert json.dumps(outputs)
