"""Conditions that are vectors, inputs by role, and networks of any form."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import kgan
import kgan_export
from kgan._core.random import seeded_initializers

SHAPE = (8, 8, 1)
RNG = np.random.default_rng(0)
X = np.tanh(RNG.normal(size=(64, *SHAPE))).astype("float32")
ATTRIBUTES = RNG.normal(size=(64, 3)).astype("float32")
mlp = kgan.networks.mlp


def conditioned(**options):
    with seeded_initializers(0):
        gan = kgan.GAN(
            mlp.generator(SHAPE, 4, 8, condition_dim=3),
            mlp.discriminator(SHAPE, 8, condition_dim=3, **options),
        )
    gan.compile()
    return gan


@pytest.fixture(scope="module")
def trained():
    gan = conditioned()
    gan.fit(X, ATTRIBUTES, batch_size=16, shuffle=False, verbose=0)
    return gan


@pytest.mark.parametrize("conditioning", ["projection", "concat"])
def test_attributes_reach_both_players(conditioning):
    gan = conditioned(conditioning=conditioning)
    z = np.zeros((2, 4), "float32")
    made = gan.generator([z, ATTRIBUTES[:2]])
    assert np.abs(made[0] - made[1]).max() > 0
    logits = gan.discriminator([np.repeat(X[:1], 2, axis=0), ATTRIBUTES[:2]])
    assert float(tf.abs(logits[0] - logits[1])[0]) > 0


def test_without_a_condition_samples_are_of_the_first_ones_seen(trained, tmp_path):
    expected = trained.generate(20, condition=ATTRIBUTES[:20])
    np.testing.assert_array_equal(trained.generate(20), expected)
    trained.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(loaded.generate(20), expected, atol=1e-6)


def test_one_condition_serves_all_samples(trained):
    one = trained.generate(3, condition=ATTRIBUTES[0])
    np.testing.assert_array_equal(
        one, trained.generate(3, condition=ATTRIBUTES[[0, 0, 0]])
    )


def test_exported_attributes_are_an_input(trained, tmp_path):
    kgan_export.export(trained, tmp_path / "gan.onnx", output_dtype="float32")
    sampler = kgan_export.Sampler(tmp_path / "gan.onnx")
    assert sampler.metadata["condition_shape"] == [3]
    exported = sampler.sample(5, seed=2, condition=ATTRIBUTES[:5])
    native = trained.generate(5, seed=2, condition=ATTRIBUTES[:5])
    np.testing.assert_allclose(exported, native, atol=1e-4)
    with pytest.raises(ValueError, match="condition"):
        sampler.sample(5)


@pytest.mark.parametrize(
    "data",
    [
        lambda: tf.data.Dataset.from_tensor_slices((X, ATTRIBUTES)).batch(16),
        lambda: tf.data.Dataset.from_tensor_slices(
            {"picture": X, "condition": ATTRIBUTES}
        ).batch(16),
        lambda: tf.data.Dataset.from_tensor_slices(
            (X, {"condition": ATTRIBUTES, "label": np.zeros(64, "int64")})
        ).batch(16),
        lambda: tf.data.Dataset.from_tensor_slices(
            (X, (ATTRIBUTES > 0).astype("int64"))
        ).batch(16),
    ],
)
def test_data_sets_of_pairs_dicts_and_nests(data):
    gan = conditioned()
    gan.fit(data(), verbose=0)
    assert int(gan.step.numpy()) == 4


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "needs floats"),
        (ATTRIBUTES[:, :2], "needs floats"),
        (np.eye(3)[np.arange(64) % 3], "one-hot"),
        (np.where(ATTRIBUTES > 2, np.nan, ATTRIBUTES), "must be finite"),
    ],
)
def test_wrong_attributes_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        conditioned().fit(X, y, batch_size=16)


@pytest.mark.parametrize(
    ("condition", "message"),
    [(np.zeros(2), "finite numbers"), (np.full(3, np.nan), "finite numbers")],
)
def test_wrong_conditions_of_samples_are_refused(trained, condition, message):
    with pytest.raises(ValueError, match=message):
        trained.generate(4, condition=condition)


def test_a_generator_without_a_condition_takes_none():
    gan = kgan.GAN(mlp.generator(SHAPE, 4, 8), mlp.discriminator(SHAPE, 8))
    with pytest.raises(ValueError, match="takes none"):
        gan.generate(2, condition=np.zeros(3))


def test_further_inputs_are_noise_not_labels(tmp_path):
    z, noise = keras.Input([4], name="z"), keras.Input([2], name="noise")
    made = layers.Dense(64, "tanh")(layers.Concatenate()([z, noise]))
    generator = keras.Model([z, noise], layers.Reshape(SHAPE)(made))
    gan = kgan.GAN(generator, mlp.discriminator(SHAPE, 8))
    gan.compile()
    assert gan.noise_shapes == {"noise": (2,)} and not gan.conditional
    gan.fit(X, batch_size=16, verbose=0)
    native = gan.generate(5, seed=1)
    assert len(np.unique(native.round(4), axis=0)) == 5
    kgan_export.export(gan, tmp_path / "gan.onnx", output_dtype="float32")
    exported = kgan_export.Sampler(tmp_path / "gan.onnx").sample(5, seed=1)
    np.testing.assert_allclose(exported, native, atol=1e-4)


def test_inputs_without_names_are_told_by_dtype_and_order():
    z, label = keras.Input([4]), keras.Input([], dtype="int32")
    code = layers.Concatenate()([z, layers.Embedding(3, 4)(label)])
    generator = keras.Model(
        [label, z], layers.Reshape(SHAPE)(layers.Dense(64, "tanh")(code))
    )
    gan = kgan.GAN(generator, mlp.discriminator(SHAPE, 8, num_classes=3))
    gan.compile()
    assert gan.num_classes == 3 and gan.latent_dim == 4
    gan.fit(X, np.arange(64) % 3, batch_size=16, verbose=0)
    assert gan.generate(6).shape == (6, *SHAPE)


@keras.saving.register_keras_serializable(package="kgan_tests")
class Subclassed(keras.Model):
    """A generator without a functional graph."""

    def __init__(self, **options):
        super().__init__(**options)
        self.dense = layers.Dense(64, "tanh")
        self.reshape = layers.Reshape(SHAPE)

    def call(self, z):
        return self.reshape(self.dense(z))


def sequential():
    return keras.Sequential(
        [keras.Input(SHAPE), layers.Flatten(), layers.Dense(8, "relu"), layers.Dense(1)]
    )


def test_subclassed_and_sequential_players_train_and_load(tmp_path):
    generator = Subclassed()
    generator(np.zeros((2, 4), "float32"))
    gan = kgan.GAN(generator, sequential())
    gan.compile()
    gan.fit(X, batch_size=16, verbose=0)
    assert gan.ema_generator is not gan.generator
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(loaded.generate(4), gan.generate(4), atol=1e-6)


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
@pytest.mark.parametrize("form", ["argument", "layer", "sequential"])
def test_a_discriminator_must_give_logits(activation, form):
    if form == "sequential":
        network = sequential()
        network.add(layers.Activation(activation))
    else:
        x = keras.Input(SHAPE)
        last = layers.Dense(1, activation if form == "argument" else None)
        y = last(layers.Flatten()(x))
        y = layers.Activation(activation)(y) if form == "layer" else y
        network = keras.Model(x, y)
    with pytest.raises(ValueError, match=f"logits.*\n.*'{activation}'"):
        kgan.GAN(mlp.generator(SHAPE, 4, 8), network)


def test_presets_of_attributes_need_them():
    with pytest.raises(ValueError, match="data with attributes"):
        kgan.from_preset("dcgan-attributes", SHAPE)


@pytest.mark.slow
def test_samples_obey_their_attributes():
    """The data lie at their attributes; so must the samples, within the noise."""
    condition = RNG.uniform(-1, 1, (4000, 2)).astype("float32")
    x = condition + 0.1 * RNG.normal(size=(4000, 2)).astype("float32")
    with seeded_initializers(0):
        gan = kgan.GAN(
            mlp.generator((2,), 4, 64, condition_dim=2),
            mlp.discriminator((2,), 64, condition_dim=2, conditioning="concat"),
        )
    adam = keras.optimizers.Adam
    gan.compile(adam(1e-3, 0.5), adam(1e-3, 0.5), penalties=[kgan.penalties.R1(0.1)])
    gan.fit(x, condition, batch_size=100, epochs=50, verbose=0)
    wanted = RNG.uniform(-1, 1, (500, 2)).astype("float32")
    made = gan.generate(500, condition=wanted)
    error = np.abs(made - wanted).mean()
    # Means of |noise| are 0.08; samples that ignore the condition are 0.67 away.
    assert error < 0.2


def with_all(drawn=False):
    """Returns a game of own networks: inputs as dicts, labels `[N, 1]`, a condition."""

    def inputs(name, shape):
        return {
            name: keras.Input(shape, name=name),
            "label": keras.Input([1], dtype="int32", name="label"),
            "condition": keras.Input([3], name="condition"),
        }

    def joined(given, *names):
        parts = [layers.Flatten()(given[name]) for name in names]
        embedded = layers.Flatten()(layers.Embedding(3, 4)(given["label"]))
        return layers.Concatenate()([*parts, embedded])

    with seeded_initializers(0):
        made = inputs("z", [4])
        hidden = layers.Dense(64, "tanh")(joined(made, "z", "condition"))
        generator = keras.Model(made, layers.Reshape(SHAPE)(hidden))
        seen = inputs("image", SHAPE)
        hidden = layers.Dense(8)(joined(seen, "condition", "image"))
        outputs = layers.Dense(1)(hidden)
        if drawn:
            del seen["label"]
            pixels = layers.Concatenate()(
                [layers.Flatten()(seen[name]) for name in ("condition", "image")]
            )
            outputs = {
                "logits": layers.Dense(1)(pixels),
                "code_logits": layers.Dense(3)(pixels),
            }
        discriminator = keras.Model(dict(reversed(seen.items())), outputs)
    return kgan.GAN(generator, discriminator)


def test_labels_of_a_column_stand_beside_conditions(tmp_path):
    gan = with_all()
    gan.compile(discriminator_steps=2, penalties=["r1"])
    labels = np.arange(64)[:, None] % 3
    data = {"picture": X, "label": labels, "condition": ATTRIBUTES}
    gan.fit(tf.data.Dataset.from_tensor_slices(data).batch(8), verbose=0)
    options = {"labels": 1, "condition": ATTRIBUTES[:4]}
    native = gan.generate(4, **options)
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(loaded.generate(4, **options), native, atol=1e-6)
    kgan_export.export(gan, tmp_path / "gan.onnx", output_dtype="float32")
    exported = kgan_export.Sampler(tmp_path / "gan.onnx").sample(4, **options)
    np.testing.assert_allclose(exported, native, atol=1e-4)


def test_drawn_labels_stand_beside_conditions():
    gan = with_all(drawn=True)
    information = kgan.objectives.MutualInformation(categories=3, continuous=0)
    gan.compile(objectives=[information])
    gan.fit(X, ATTRIBUTES, batch_size=16, verbose=0)
    assert int(gan.step.numpy()) == 4


@pytest.mark.parametrize(
    ("label", "received"),
    [
        (np.eye(3)[np.arange(64) % 3] + 1, r"one-hot.*\n.*y.max\(\)=2.0"),
        (np.full(64, 0.5), r"0 to 2.\n.*batch=0, y.min\(\)=0.5"),
        (np.arange(64) % 3 + 1, r"0 to 2.\n.*y.max\(\)=3.0"),
    ],
)
def test_labels_of_a_data_set_must_be_those_of_classes(label, received):
    gan = kgan.GAN(
        mlp.generator(SHAPE, 4, 8, num_classes=3),
        mlp.discriminator(SHAPE, 8, num_classes=3),
    )
    gan.compile()
    data = tf.data.Dataset.from_tensor_slices({"image": X, "label": label})
    with pytest.raises(ValueError, match=received):
        gan.fit(data.batch(16))


@pytest.mark.parametrize("y", [ATTRIBUTES[:, :1], {"condition": np.eye(1)[[0] * 64]}])
def test_one_attribute_is_no_label(y):
    gan = kgan.GAN(
        mlp.generator(SHAPE, 4, 8, condition_dim=1),
        mlp.discriminator(SHAPE, 8, condition_dim=1),
    )
    gan.compile()
    gan.fit(X, y, batch_size=16, verbose=0)
    assert gan.generate(2, condition=[0.5]).shape == (2, *SHAPE)


def translating(**options):
    """Returns a game in which an image and a code give an image, as in pix2pix."""
    with seeded_initializers(0):
        z = keras.Input([4], name="z")
        condition = keras.Input([8, 8, 3], name="condition")
        code = layers.Reshape([8, 8, 1])(layers.Dense(64)(z))
        joined = layers.Concatenate()([condition, code])
        made = layers.Conv2D(1, 3, padding="same", activation="tanh")(joined)
        generator = keras.Model([z, condition], made)
        image = keras.Input(SHAPE, name="image")
        joined = layers.Concatenate()([image, condition])
        features = layers.LeakyReLU()(layers.Conv2D(4, 4, 2)(joined))
        discriminator = keras.Model(
            {"condition": condition, "image": image}, layers.Conv2D(1, 3)(features)
        )
    gan = kgan.GAN(generator, discriminator)
    sgd = [keras.optimizers.SGD(0.01) for _ in range(2)]
    gan.compile(*sgd, **options)
    return gan


PICTURES = RNG.integers(0, 256, (64, 8, 8, 3)).astype("uint8")
SCALED = (PICTURES / np.float32(127.5) - 1).astype("float32")


def test_conditions_may_be_images(tmp_path):
    gan = translating(unroll_steps=1, gradient_accumulation_steps=2)
    gan.fit(X, PICTURES, batch_size=16, verbose=0)
    made = gan.generate(64, condition=PICTURES)
    np.testing.assert_allclose(made, gan.generate(64, condition=SCALED), atol=1e-5)
    np.testing.assert_allclose(made, gan.generate(64), atol=1e-5)  # the first 64
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(loaded.generate(64), made, atol=1e-6)


def test_a_data_set_of_images_is_that_of_arrays_whatever_its_strides():
    arrays, dataset = (translating(discriminator_steps=2) for _ in range(2))
    arrays.fit(X, PICTURES, batch_size=8, shuffle=False, verbose=0)
    data = tf.data.Dataset.from_tensor_slices({"condition": SCALED, "image": X})
    dataset.fit(data.batch(8), verbose=0)
    for player in ("generator", "discriminator"):
        for a, b in zip(
            getattr(arrays, player).get_weights(),
            getattr(dataset, player).get_weights(),
            strict=True,
        ):
            np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_data_set_gives_images_that_are_conditions_as_bytes_or_floats():
    kept = []
    for pictures in (PICTURES, SCALED):
        gan = translating()
        data = tf.data.Dataset.from_tensor_slices((X, pictures))
        gan.fit(data.batch(16), verbose=0)
        kept.append(gan.generator.get_weights()[0])
    np.testing.assert_allclose(*kept, atol=1e-6)


def test_codes_are_vectors():
    image = keras.Input([8, 8, 3], name="source")
    generator = keras.Model(image, layers.Conv2D(1, 3, padding="same")(image))
    with pytest.raises(ValueError, match="codes `z`.*\n.*'condition'"):
        kgan.GAN(generator, mlp.discriminator(SHAPE, 8))


def test_what_a_subclassed_network_gives_is_found_out_once(monkeypatch):
    generator = Subclassed()
    generator(np.zeros((2, 4), "float32"))
    gan = kgan.GAN(generator, sequential())
    monkeypatch.setattr(
        Subclassed, "compute_output_spec", lambda *args: pytest.fail("asked again")
    )
    gan.compile()
    assert gan.generate(5, batch_size=2).shape == (5, *SHAPE)
