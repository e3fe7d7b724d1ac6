"""Every preset, in every format and precision that promises the samples of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
import kgan_export
from kgan_export import verify
from kgan_export.source import read_source

# Presets at their full width, but at a size that a batch of 64 takes little time for.
SHAPE, NUM_CLASSES = (16, 16, 1), 3
FULL_SHAPE = (64, 64, 3)
BATCHES = 1, 3, 64
FORMATS = {
    "onnx fp32": ({}, 1e-4),
    "onnx fp16": ({"precision": "fp16"}, 2e-2),
    "saved_model": ({"format": "saved_model"}, 1e-4),
}


def preset(name, shape):
    settings = kgan.presets.settings(name, shape)
    classes = NUM_CLASSES if settings["conditional"] else None
    given = {"condition_dim": 2} if settings["attributes"] else {"num_classes": classes}
    gan = kgan.from_preset(name, shape, **given)
    if hasattr(gan, "schedule_steps"):  # at its end
        gan.step.assign(gan.schedule_steps)
        gan.generate(1)
    return gan


def at_work(gan):
    """Gives the weights values that matter, and then batch normalisation the statistics
    of the layer before it, as training would."""
    random = np.random.default_rng(0)
    for variable in gan.inference_networks[gan.generating_role].variables:
        value = variable.numpy() * random.uniform(0.5, 2.0, variable.shape)
        of_channels = value.size == value.shape[-1]  # PReLU's slopes among them
        if of_channels and not variable.path.endswith("variance"):
            value += random.normal(0.0, 0.3, variable.shape)
        variable.assign(value)
    source = read_source(gan)
    # Of the initial variance 1, 0.9^100 is left: little beside a narrow layer's 0.01.
    for start in range(0, 100 * 64, 64):
        feed = verify.draw(source, 64, start)
        source.generator(list(feed.values()), training=True)


@pytest.fixture(scope="module")
def game(name, weights):
    gan = preset(name, SHAPE)
    if weights == "at work":
        at_work(gan)
    return gan


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["fresh", "at work"], scope="module")
@pytest.mark.parametrize("name", kgan.presets.names(), scope="module")
@pytest.mark.parametrize("format_", FORMATS)
def test_export_gives_the_samples_of_keras(game, weights, format_, tmp_path):
    """The reported differences before quantisation, and the grey levels recomputed."""
    arguments, tolerance = FORMATS[format_]
    report = kgan_export.export(game, tmp_path / "g", **arguments)
    assert set(report.float_differences) >= set(BATCHES)
    assert max(report.float_differences.values()) <= tolerance
    assert report.notes == ()  # that the graph could not be optimised
    sample = loaded(tmp_path / "g", arguments)
    source = read_source(game)
    for batch in BATCHES:
        feed = verify.draw(source, batch)
        names = source.output_names or ["image"]
        truth = keras.tree.flatten(source.generator(list(feed.values())))
        samples = sample(feed)
        for key, images in zip(names, truth, strict=True):
            levels = np.clip(np.floor(127.5 * np.asarray(images) + 128), 0, 255)
            assert np.abs(samples[key] - levels).max() <= 1
            if weights == "at work":
                assert levels.std() > 5


def loaded(path, arguments):
    """Returns a function from a feed to a dict of uint8 images."""
    if "format" in arguments:
        serve = tf.saved_model.load(str(path)).signatures["serving_default"]
        return lambda feed: {
            key: x.numpy().astype(int)
            for key, x in serve(**{k: tf.constant(v) for k, v in feed.items()}).items()
        }
    session = kgan_export.Sampler(path).session
    keys = [x.name for x in session.get_outputs()]
    return lambda feed: dict(
        zip(keys, (x.astype(int) for x in session.run(keys, feed)), strict=True)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", kgan.presets.names())
def test_full_size_is_exported(name, tmp_path):
    """With a fixed batch, which keeps the comparison of the largest short."""
    gan = preset(name, FULL_SHAPE)
    report = kgan_export.export(gan, tmp_path / "g.onnx", static_batch=1)
    assert max(report.float_differences.values()) <= 1e-4
    assert max(report.level_differences.values()) <= 1
    assert report.metadata["sample_shape"] == list(FULL_SHAPE)
