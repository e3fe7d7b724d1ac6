import json

import keras
import numpy as np
import pytest
from keras import layers
from small_generators import dcgan, mlp

import kgan
from kgan_export.source import read_source
from kgan_export.source.extra_input import ExtraInput


@pytest.fixture
def gan():
    shape = (8, 8, 1)
    return kgan.GAN(
        kgan.networks.dcgan.generator(shape, latent_dim=8, width=8, num_classes=4),
        kgan.networks.dcgan.discriminator(shape, width=8, num_classes=4),
        prior="sphere",
    )


def test_a_gan_gives_its_ema_generator_prior_classes_and_steps(gan):
    gan.step.assign(12)
    gan.ema_generator.set_weights([w + 1 for w in gan.ema_generator.get_weights()])
    source = read_source(gan, class_names=list("abcd"))
    assert (source.prior, source.num_classes, source.step) == ("sphere", 4, 12)
    assert (source.latent_dim, source.sample_shapes) == (8, [(8, 8, 1)])
    assert source.class_names == list("abcd")
    for ours, ema in zip(
        source.generator.get_weights(), gan.ema_generator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(ours, ema)


def test_a_saved_gan_and_a_run_folder(gan, tmp_path):
    gan.compile()
    gan.step.assign(5)
    gan.save(tmp_path / "model.keras")
    config = {"class_names": list("abcd"), "dataset": "digits", "preset": "dcgan"}
    (tmp_path / "config.json").write_text(json.dumps(config | {"batch_size": 64}))
    file = read_source(tmp_path / "model.keras")
    run = read_source(tmp_path)
    assert (file.prior, file.step, file.dataset) == ("sphere", 5, None)
    assert (run.prior, run.step, run.dataset, run.preset) == (
        "sphere",
        5,
        "digits",
        "dcgan",
    )
    assert run.class_names == list("abcd")


def test_an_unconditional_run_takes_no_class_names(tmp_path):
    dcgan().save(tmp_path / "model.keras")
    (tmp_path / "config.json").write_text(json.dumps({"class_names": ["a", "b"]}))
    assert read_source(tmp_path).class_names is None


def test_a_saved_plain_generator(tmp_path):
    generator = dcgan(10)
    generator.save(tmp_path / "g.keras")
    source = read_source(str(tmp_path / "g.keras"))
    assert (source.prior, source.num_classes, source.step) == ("normal", 10, None)
    z = np.ones([1, 10], "float32"), np.array([3])
    np.testing.assert_array_equal(source.generator(z), generator(z))


def test_a_sequential_generator():
    model = keras.Sequential([keras.Input([6]), layers.Dense(4)])
    source = read_source(model)
    assert (source.latent_dim, source.sample_shapes) == (6, [(4,)])


def test_named_inputs_are_told_apart_by_their_dtype():
    z = keras.Input([6], name="z")
    label = keras.Input([], dtype="int64", name="label")
    x = layers.Dense(4)(layers.Concatenate()([layers.Embedding(5, 3)(label), z]))
    source = read_source(keras.Model({"z": z, "label": label}, x))
    assert (source.latent_dim, source.num_classes) == (6, 5)


def test_classes_are_counted_where_the_label_is_one_hot():
    label = keras.Input([], dtype="int64")
    z = keras.Input([6])
    x = layers.Concatenate()([z, keras.ops.one_hot(label, 7)])
    assert read_source(keras.Model([z, label], layers.Dense(4)(x))).num_classes == 7


def test_classes_that_cannot_be_counted_must_be_given():
    label = keras.Input([], dtype="int64")
    z = keras.Input([6])
    x = z * keras.ops.cast(keras.ops.expand_dims(label, 1), "float32")
    generator = keras.Model([z, label], layers.Dense(4)(x))
    with pytest.raises(ValueError, match="Pass `num_classes`"):
        read_source(generator)
    assert read_source(generator, num_classes=3).num_classes == 3


def test_class_names_must_fit_the_classes():
    with pytest.raises(ValueError, match="one name for each class"):
        read_source(mlp((4,), 3), class_names=["a", "b"])


def test_several_outputs_are_named_by_their_dict_or_their_layers():
    z = keras.Input([6])
    a, b = layers.Dense(4, name="first")(z), layers.Dense(5, name="second")(z)
    named = read_source(keras.Model(z, {"image_b": b, "image_a": a}))
    assert named.output_names == ["image_a", "image_b"]
    assert named.sample_shapes == [(4,), (5,)]
    assert read_source(keras.Model(z, [b, a])).output_names == ["second", "first"]


def test_further_inputs_follow_code_and_label():
    z, style = keras.Input([6], name="z"), keras.Input([2, 3], name="style")
    label = keras.Input([], dtype="int64", name="label")
    x = layers.Concatenate()(
        [layers.Flatten()(style), z, layers.Embedding(5, 3)(label)]
    )
    generator = keras.Model([style, label, z], layers.Dense(4)(x))
    source = read_source(generator, distributions={"style": "uniform"})
    assert source.extra_inputs == (ExtraInput("style", (2, 3), "uniform"),)
    assert [x.name for x in source.generator.inputs] == ["z", "label", "style"]
    with pytest.raises(ValueError, match="It has: style"):
        list(read_source(generator, distributions={"noise": "unit"}).extra_inputs)
    with pytest.raises(ValueError, match="must be one of normal, .*unit"):
        list(read_source(generator, distributions={"style": "cauchy"}).extra_inputs)


def test_a_further_input_needs_a_name():
    z, noise = keras.Input([6], name="z"), keras.Input([6])
    generator = keras.Model([z, noise], layers.Dense(4)(z + noise))
    with pytest.raises(ValueError, match="a name of its own"):
        list(read_source(generator).extra_inputs)


def test_a_run_folder_tells_licence_settings_and_scores(tmp_path):
    dcgan().save(tmp_path / "model.keras")
    config = {"dataset": "d", "licence": "MIT", "settings": {"loss": "hinge"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert read_source(tmp_path).scores is None
    (tmp_path / "scores.json").write_text(json.dumps({"fd": 7.5}))
    source = read_source(tmp_path)
    assert (source.licence, source.settings) == ("MIT", {"loss": "hinge"})
    assert source.scores == {"fd": 7.5}


def test_a_generator_has_a_fixed_latent_dim():
    z = keras.Input([None])
    with pytest.raises(ValueError, match="fixed sizes"):
        read_source(keras.Model(z, layers.Activation("tanh")(z)))


def test_a_subclassed_model_that_was_never_built_is_refused():
    class Generator(keras.Model):
        def call(self, z):
            return z

    with pytest.raises(ValueError, match="functional or sequential"):
        read_source(Generator())


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_folder_that_is_no_run_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(ValueError, match="source="):
        read_source(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match="no file .*none.keras"):
        read_source(tmp_path / "none.keras")


def test_a_broken_file_is_refused(tmp_path):
    path = tmp_path / "broken.keras"
    path.write_bytes(b"PK not really")
    with pytest.raises(ValueError, match="source="):
        read_source(path)
