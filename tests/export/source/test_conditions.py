"""A vector of attributes beside code and label goes through export and Sampler."""

import keras
import numpy as np
import onnxruntime
import pytest
from click.testing import CliRunner
from keras import layers
from small_generators import tiny_onnx, trained

from kgan.latents import latents
from kgan_export import Sampler, export
from kgan_export.sample import main

SIZE = 3


def conditioned():
    """A toy generator of two outputs that takes a code, a class, attributes, noise."""
    z = keras.Input([6], name="z")
    label = keras.Input([], dtype="int64", name="label")
    condition = keras.Input([SIZE], name="condition")
    grain = keras.Input([2], name="grain")
    embedded = layers.Embedding(4, 3)(label)
    x = layers.Concatenate()([z, embedded, condition, grain])
    image = layers.Reshape((2, 2, 3))(layers.Dense(12, activation="tanh")(x))
    # Not in the order of their names.
    return trained(
        keras.Model(
            [condition, z, label, grain],
            {"picture": image, "mask": layers.Dense(2)(x)},
        )
    )


@pytest.fixture(scope="module")
def generator():
    return conditioned()


@pytest.fixture(scope="module")
def exported(generator, tmp_path_factory):
    path = tmp_path_factory.mktemp("conditioned") / "g.onnx"
    report = export(generator, path, output_dtype="float32")
    return path, report, Sampler(path)


def test_the_graph_and_the_metadata_tell_the_condition(exported):
    path, report, sampler = exported
    inputs = {x.name: x.shape for x in onnxruntime.InferenceSession(path).get_inputs()}
    assert list(inputs) == ["z", "label", "condition", "grain"]
    assert inputs["condition"] == ["batch", SIZE]
    assert sampler.metadata["condition_shape"] == [SIZE]
    assert [x["name"] for x in sampler.metadata["extra_inputs"]] == ["grain"]
    assert "4 classes, conditions of 3" in report.summary()


def test_samples_have_the_attributes_that_were_asked_for(exported, generator):
    _, _, sampler = exported
    conditions = np.random.default_rng(0).normal(size=(5, SIZE)).astype("float32")
    samples = sampler.sample(5, seed=2, condition=conditions, batch_size=2)
    feed = [
        latents("normal", 5, 6, seed=2),
        np.arange(5) % 4,
        conditions,
        sampler.extras(5, seed=2)["grain"],
    ]
    by_name = dict(zip(["z", "label", "condition", "grain"], feed, strict=True))
    truth = generator([by_name[x.name] for x in generator.inputs])
    for name in ("picture", "mask"):
        np.testing.assert_allclose(samples[name], truth[name], atol=1e-5)


def test_one_condition_is_for_all_samples(exported):
    _, _, sampler = exported
    z, one = sampler.latents(4), [1.0, 0.0, -1.0]
    single = sampler.generate(z, condition=one)
    each = sampler.generate(z, condition=np.tile(np.float32(one), (4, 1)), batch_size=3)
    np.testing.assert_allclose(single["mask"], each["mask"], atol=1e-6)
    other = sampler.generate(z, condition=[0, 0, 0])
    assert np.abs(single["mask"] - other["mask"]).max() > 0.01


def test_a_stream_takes_one_condition_or_one_a_sample(exported):
    _, _, sampler = exported
    conditions = np.random.default_rng(1).normal(size=(5, SIZE))
    for condition in (conditions, conditions[0]):
        whole = sampler.sample(5, condition=condition)["mask"]
        parts = sampler.stream(5, condition=condition, batch_size=2)
        joined = np.concatenate([part["mask"] for part in parts])
        np.testing.assert_allclose(joined, whole, atol=1e-6)
    sampler.warm_up(2)


@pytest.mark.parametrize(
    "condition", [None, 1.0, np.zeros([2]), np.zeros([2, SIZE]), ["a", "b", "c"]]
)
def test_a_condition_that_is_missing_or_does_not_fit_is_refused(exported, condition):
    with pytest.raises(ValueError, match="`condition` must be.*\nReceived: condition="):
        exported[2].sample(4, condition=condition)
    with pytest.raises(ValueError, match="`condition` must be"):
        exported[2].stream(4, condition=condition)


def test_a_generator_without_conditions_takes_none(tmp_path):
    """Its file is of an earlier version: it has no key `condition_shape`."""
    sampler = Sampler(tiny_onnx(tmp_path / "tiny.onnx"))
    assert sampler.metadata["condition_shape"] is None
    with pytest.raises(ValueError, match="without a condition takes none"):
        sampler.sample(2, condition=[1.0])


def test_the_command_takes_a_condition(exported, tmp_path):
    path, _, sampler = exported
    plain = keras.Model(*plain_inputs())
    export(plain, tmp_path / "g.onnx")
    output = tmp_path / "a.npy"
    command = [str(tmp_path / "g.onnx"), "-n", "2", "-o", str(output)]
    result = CliRunner().invoke(main, [*command, "--condition", "0.5,-1,2"])
    assert result.exit_code == 0, result.output
    expected = Sampler(tmp_path / "g.onnx").sample(2, condition=[0.5, -1, 2])
    np.testing.assert_array_equal(np.load(output), expected)
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1 and "`condition` must be" in result.output


def plain_inputs():
    z, condition = keras.Input([4], name="z"), keras.Input([SIZE], name="condition")
    return [z, condition], layers.Dense(5)(layers.Concatenate()([z, condition]))


def test_int8_is_calibrated_with_conditions(tmp_path):
    export(keras.Model(*plain_inputs()), tmp_path / "g.onnx", precision="int8")
    samples = Sampler(tmp_path / "g.onnx").sample(2, condition=np.ones(SIZE))
    assert samples.shape == (2, 5)


def test_a_page_has_no_controls_for_it(tmp_path):
    inputs, x = plain_inputs()
    image = layers.Reshape((2, 2, 3))(layers.Dense(12)(x))
    with pytest.raises(ValueError, match="conditions that are vectors"):
        export(keras.Model(inputs, image), tmp_path / "page", format="web")


def test_a_saved_model_gives_the_same_samples_through_the_same_sampler(
    generator, exported, tmp_path
):
    """Outputs in the order of the metadata, labels, attributes, noise, truncation."""
    export(generator, tmp_path / "served", format="saved_model", output_dtype="float32")
    served, sampler = Sampler(tmp_path / "served"), exported[2]
    assert served.metadata["condition_shape"] == [SIZE]
    settings = {"condition": [1, 2, 3], "truncation": 0.5, "start": 3, "batch_size": 4}
    for labels in (None, 2, [0, 1, 2, 3, 0]):
        ours = served.sample(5, seed=1, labels=labels, **settings)
        theirs = sampler.sample(5, seed=1, labels=labels, **settings)
        assert list(ours) == list(theirs)
        for name, samples in ours.items():
            np.testing.assert_allclose(samples, theirs[name], atol=1e-5)
    with pytest.raises(ValueError, match="`condition` must be"):
        served.sample(2)
    with pytest.raises(ValueError, match="are for ONNX files"):
        Sampler(tmp_path / "served", providers=["CPUExecutionProvider"])
