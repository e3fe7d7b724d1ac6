"""What `fit` takes as a data set, in the forms and with the faults that users bring."""

import os
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from PIL import Image

import kgan
from kgan._core.random import seeded_initializers

SHAPE = (8, 8, 1)
BYTES = np.random.default_rng(0).integers(0, 256, (48, *SHAPE)).astype("uint8")
FLOATS = (BYTES / np.float32(127.5) - 1).astype("float32")
LABELS = np.arange(48) % 2
DATASET = tf.data.Dataset.from_tensor_slices


def game(classes=None, **options):
    """Returns a small game, always the same, moved by plain gradient steps."""
    with seeded_initializers(0):
        z, image = keras.Input([4], name="z"), keras.Input(SHAPE, name="image")
        code, features = z, layers.Flatten()(image)
        made, judged = {"z": z}, {"image": image}
        if classes:
            label = keras.Input((), dtype="int64", name="label")
            made["label"] = judged["label"] = label
            code = layers.Concatenate()([z, layers.Embedding(classes, 4)(label)])
            known = layers.Embedding(classes, 4)(label)
            features = layers.Concatenate()([features, known])
        pixels = layers.Dense(64, activation="tanh")(code)
        generator = keras.Model(made, layers.Reshape(SHAPE)(pixels))
        discriminator = keras.Model(judged, layers.Dense(1)(features))
    gan = kgan.GAN(generator, discriminator)
    gan.compile(*[keras.optimizers.SGD(0.1) for _ in range(2)], **options)
    return gan


def weights(*arguments, classes=None, **fit):
    """Returns the discriminator's weights and the steps of a training."""
    gan = game(classes)
    gan.fit(*arguments, verbose=0, **fit)
    return gan.discriminator.get_weights()[0], int(gan.step.numpy())


def expected(*arguments, **options):
    options = {"batch_size": 16, "shuffle": False, **options}
    return weights(*arguments, **options)


def check_equal(one, other):
    np.testing.assert_allclose(one[0], other[0], atol=1e-5)
    assert one[1] == other[1]


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return FLOATS[16 * index : 16 * index + 16]


def batches(x=FLOATS):
    for start in range(0, len(x), 16):
        yield x[start : start + 16]


FORMS = {
    "float64": DATASET(BYTES / 127.5 - 1).batch(16),
    "float16": DATASET(FLOATS.astype("float16")).batch(16, drop_remainder=True),
    "bytes": DATASET(BYTES).batch(16),
    "whole numbers": DATASET(BYTES.astype("int32")).batch(16),
    "tuple of one": DATASET((FLOATS,)).batch(16),
    "samples without batches": DATASET(FLOATS),
    "labels that no network takes": DATASET((FLOATS, LABELS)).batch(16),
    "dict": DATASET({"image": FLOATS, "label": LABELS}).batch(16),
    "TensorFlow Datasets": DATASET(
        {"id": np.array(["a"] * 48), "image": BYTES, "label": LABELS}
    ),
    "unknown rank": tf.data.Dataset.from_generator(batches, tf.float32),
    "PyDataset": Batches(),
    "list": list(FLOATS),
    "dict of arrays": {"image": BYTES, "label": LABELS},
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_train_as_arrays(name):
    single = "without" in name or "Datasets" in name or "list" in name
    options = {"batch_size": 16} if single or "arrays" in name else {}
    if name in ("list", "dict of arrays"):
        options["shuffle"] = False
    half = 2e-3 if name == "float16" else 1e-5
    one, steps = weights(FORMS[name], **options)
    other, expected_steps = expected(FLOATS)
    np.testing.assert_allclose(one, other, atol=half)
    assert steps == expected_steps == 3


def test_bfloat16_samples():
    data = DATASET(tf.cast(FLOATS, tf.bfloat16)).batch(16)
    np.testing.assert_allclose(weights(data)[0], expected(FLOATS)[0], atol=1e-2)


def test_generators_lose_no_batch():
    whole = expected(FLOATS)
    with pytest.warns(UserWarning, match="ends when the generator does"):
        check_equal(weights(batches()), whole)
    check_equal(weights(iter([*batches()]), steps_per_epoch=3), whole)
    once = batches()
    data = tf.data.Dataset.from_generator(
        lambda: once, output_signature=tf.TensorSpec([None, *SHAPE])
    )
    check_equal(weights(data), whole)
    check_equal(
        weights(DATASET(FLOATS).batch(16), epochs=2), expected(FLOATS, epochs=2)
    )
    made_anew = tf.data.Dataset.from_generator(batches, tf.float32)
    check_equal(weights(made_anew, epochs=2), expected(FLOATS, epochs=2))
    with pytest.raises(ValueError, match="gives its batches once"):
        game().fit(batches(), epochs=2)


def test_replicas_read_a_generator_once():
    devices = tf.config.list_logical_devices("CPU")
    strategy = tf.distribute.MirroredStrategy([devices[0].name])
    with strategy.scope():
        gan = game()
    once = batches()
    data = tf.data.Dataset.from_generator(
        lambda: once, output_signature=tf.TensorSpec([None, *SHAPE])
    )
    gan.fit(data, verbose=0)
    assert int(gan.step.numpy()) == 3


@pytest.mark.parametrize(
    "data",
    [
        DATASET(FLOATS).batch(16).repeat(),
        DATASET(FLOATS).repeat(),
        kgan.data.load((BYTES, LABELS), 16, repeat=True),
    ],
)
def test_endless_data_need_the_length_of_an_epoch(data):
    with pytest.raises(ValueError, match="`steps_per_epoch`"):
        game().fit(data)
    assert weights(data, steps_per_epoch=5)[1] == 5


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_partial_last_batch_is_no_interruption(epochs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, steps = weights(DATASET(FLOATS[:40]).batch(16), epochs=epochs)
    assert steps == 2 * epochs


def test_data_that_do_run_out_are_told():
    data = tf.data.Dataset.from_generator(lambda: once, tf.float32)
    once = batches()
    with pytest.warns(UserWarning, match="ran out of data"):
        assert weights(data, steps_per_epoch=5)[1] == 3


def test_a_small_first_batch_does_not_rule():
    data = DATASET(FLOATS[:4]).batch(16).concatenate(DATASET(FLOATS[4:]).batch(16))
    check_equal(weights(data), expected(FLOATS))


@pytest.mark.parametrize(
    "scaled, value_range",
    [
        ((BYTES / 255).astype("float32"), (0, 1)),
        (BYTES.astype("float32"), (0, 255)),
        ((BYTES / 25.5).astype("float32") - 5, (-5, 5)),
    ],
)
def test_one_rule_of_ranges(scaled, value_range):
    for data in (scaled, DATASET(scaled).batch(16)):
        options = {} if data is not scaled else {"batch_size": 16, "shuffle": False}
        check_equal(weights(data, value_range=value_range, **options), expected(FLOATS))
    if value_range == (-5, 5):
        with pytest.raises(ValueError, match="pass their `value_range"):
            game().fit(DATASET(scaled).batch(16))
        return
    check_equal(expected(scaled), expected(FLOATS))
    with pytest.warns(UserWarning, match=rf"brought to \[-1, 1\].*{value_range[1]}\)"):
        check_equal(weights(DATASET(scaled).batch(16)), expected(FLOATS))


@pytest.mark.parametrize("value_range", ["tanh", (1, 0), (0,), (0, np.nan), 3])
def test_ranges_that_are_none(value_range):
    with pytest.raises(ValueError, match="`value_range` must be"):
        game().fit(FLOATS, value_range=value_range)


def changed(value, batch=2):
    x = FLOATS.copy()
    x[16 * batch + 3, 1, 2] = value
    return x


@pytest.mark.parametrize("value", [np.nan, np.inf, 1.5, -200.0])
@pytest.mark.parametrize("static", [True, False])
def test_later_batches_are_checked(value, static):
    gan = game()
    with pytest.raises(ValueError, match=r"value_range=.*|batch=2") as caught:
        gan.fit(DATASET(changed(value)).batch(16, drop_remainder=static), verbose=0)
    assert "batch=2" in str(caught.value)
    assert int(gan.step.numpy()) <= 2
    assert all(np.isfinite(w).all() for w in gan.get_weights())


def test_data_in_0_1_that_turn_negative_say_which_range_to_pass():
    x = FLOATS.copy()
    x[:32] = np.abs(x[:32])
    with pytest.warns(UserWarning, match=r"value_range=\(0, 1\)"):
        with pytest.raises(ValueError, match=r"batch=2.*value_range=\(-1, 1\)"):
            game().fit(DATASET(x).batch(16), verbose=0)
    weights(DATASET(x).batch(16), value_range=(-1, 1))


LABELLED = {
    "bytes": LABELS.astype("uint8"),
    "column": LABELS[:, None],
    "floats": LABELS.astype("float32"),
    "column of floats": LABELS[:, None].astype("float32"),
    "one-hot": np.eye(2, dtype="float32")[LABELS],
    "one-hot bytes": np.eye(2, dtype="uint8")[LABELS],
}


@pytest.mark.parametrize("name", LABELLED)
def test_labels_of_any_form(name):
    whole = expected(FLOATS, LABELS, classes=2)
    data = DATASET((FLOATS, LABELLED[name])).batch(16)
    check_equal(weights(data, classes=2), whole)
    iterator = data.as_numpy_iterator()  # tells no sizes
    check_equal(weights(iterator, classes=2, steps_per_epoch=3), whole)


def test_whole_labels_in_floats_of_an_array():
    whole = expected(FLOATS, LABELS, classes=2)
    check_equal(expected(FLOATS, LABELS.astype("float64"), classes=2), whole)
    with pytest.raises(ValueError, match="integers"):
        game(2).fit(FLOATS, LABELS + 0.5)


@pytest.mark.parametrize(
    "label, message",
    [
        (3.5, r"y.max\(\)=3.5"),
        (2.0, r"integers \[N\] from 0 to 1"),
        (-1.0, r"batch=2, y.min\(\)=-1"),
        (np.nan, "batch=2"),
    ],
)
def test_later_labels_are_checked(label, message):
    y = LABELS.astype("float32")
    y[35] = label
    with pytest.raises(ValueError, match=message):
        game(2).fit(DATASET((FLOATS, y)).batch(16), verbose=0)


@pytest.mark.parametrize("mode", ["int", "binary", "categorical", None])
def test_folders_read_by_keras(mode, tmp_path):
    for name in "ab":
        os.makedirs(tmp_path / name)
        for i in range(6):
            pixels = np.full((8, 8), 20 * i + 100 * (name == "b"), "uint8")
            Image.fromarray(pixels).save(tmp_path / name / f"{i}.png")
    data = keras.utils.image_dataset_from_directory(
        tmp_path,
        label_mode=mode,
        image_size=(8, 8),
        color_mode="grayscale",
        batch_size=4,
        shuffle=False,
        verbose=False,
    )
    samples = kgan.data.read(tmp_path)
    classes = 2 if mode else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = weights(data, classes=classes, value_range=(0, 255))
    check_equal(
        found,
        expected(samples.x, samples.y if mode else None, classes=classes, batch_size=4),
    )


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_penalties_of_generators_in_other_precisions(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        gan = game(penalties=["gradient_penalty", "path_length"])
        gan.fit(BYTES / 127.5 - 1, batch_size=16, verbose=0)
        gan.fit(DATASET(BYTES / 127.5 - 1).batch(16), verbose=0)
    finally:
        keras.config.set_dtype_policy(before)
    assert int(gan.step.numpy()) == 6
    assert np.isfinite(gan.generate(4)).all()


def test_batches_of_less_than_a_step_of_unknown_length():
    data = tf.data.Dataset.from_generator(batches, tf.float32).take(2)
    gan = game(discriminator_steps=3)
    with pytest.raises(ValueError, match="at least one step"):
        gan.fit(data)


def test_samples_of_several_shapes_are_refused():
    shapes = iter([(8, 8, 1), (9, 8, 1)])
    data = tf.data.Dataset.from_generator(
        lambda: (np.zeros(shape, "float32") for shape in shapes),
        output_signature=tf.TensorSpec([None, None, 1]),
    )
    with pytest.raises(ValueError, match="of one shape"):
        game().fit(data, batch_size=2)
