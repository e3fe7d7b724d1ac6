"""Players as users bring them: taken, or refused by name with the fix."""

import contextlib
import functools
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import kgan
import kgan_export
from kgan._core.random import seeded_initializers
from kgan.networks import mlp

X = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
Y = np.arange(32) % 3


@keras.saving.register_keras_serializable(package="test_players")
class Embedded(layers.Layer):
    """An embedding inside a layer."""

    def __init__(self, **options):
        super().__init__(**options)
        self.embedding = layers.Embedding(3, 4)

    def build(self, shape):
        self.embedding.build(shape)

    def call(self, label):
        return self.embedding(label)


@keras.saving.register_keras_serializable(package="test_players")
class Weighted(layers.Layer):
    """Adds the sum of a weight to the loss; its gradient is 1."""

    def build(self, shape):
        self.weight = self.add_weight(shape=[shape[-1]], initializer="ones")

    def call(self, x):
        self.add_loss(keras.ops.sum(self.weight))
        return x


class Unregistered(layers.Layer):
    def call(self, x):
        return x


@keras.saving.register_keras_serializable(package="test_players")
class WithoutConfig(layers.Layer):
    def __init__(self, function, **options):
        super().__init__(**options)
        self.function = function

    def call(self, x):
        return self.function(x)


def image_of(x, activation="tanh"):
    return layers.Reshape([8, 8, 1])(layers.Dense(64, activation)(x))


def of_classes(generated, judged):
    """A game whose players know so many classes."""
    return (
        mlp.generator((8, 8, 1), 4, 8, num_classes=generated),
        mlp.discriminator((8, 8, 1), 8, num_classes=judged),
    )


def generator(activation="tanh", middle=None, code=(4,)):
    z = keras.Input(code)
    x = layers.Dense(16)(layers.Flatten()(z))
    return keras.Model(z, image_of(middle(x) if middle else x, activation))


def discriminator(*ends, middle=None):
    image = keras.Input([8, 8, 1])
    x = layers.Dense(16)(layers.Flatten()(image))
    x = middle(x) if middle else x
    outputs = [end(x) for end in ends or (layers.Dense(1),)]
    return keras.Model(image, outputs if len(outputs) > 1 else outputs[0])


def sequential(*ends):
    parts = [keras.Input([8, 8, 1]), layers.Flatten(), layers.Dense(1), *ends]
    return keras.Sequential(parts)


def nested(network):
    image = keras.Input([8, 8, 1])
    return keras.Model(image, network(image))


def conditional(read, form=list, **label):
    """A generator whose label a function reads; it comes first in a list."""
    label = keras.Input(**{"shape": (), "dtype": "int32", "name": "label"} | label)
    z = keras.Input([4], name="z")
    made = image_of(layers.Concatenate()([read(label), z]))
    inputs = [label, z] if form is list else {"label": label, "z": z}
    return keras.Model(inputs, made)


def judge(classes=3):
    label, image = keras.Input((), dtype="int32"), keras.Input([8, 8, 1])
    x = [layers.Flatten()(image), layers.Embedding(classes, 4)(label)]
    return keras.Model([image, label], layers.Dense(1)(layers.Concatenate()(x)))


def trained(made, judged, y=None, compiled=None, **options):
    gan = kgan.GAN(made, judged, **options)
    gan.compile(**compiled or {})
    gan.fit(X, y, batch_size=8, verbose=0)
    return gan


@pytest.mark.parametrize(
    "judged",
    [
        sequential(),
        nested(sequential()),
        nested(nested(sequential())),
        sequential(layers.Reshape([1])),
        discriminator(lambda x: layers.Conv2D(1, 3)(layers.Reshape([4, 4, 1])(x))),
    ],
)
def test_forms_of_discriminators_are_taken(judged):
    assert np.isfinite(trained(generator(), judged).generate(2)).all()


@pytest.mark.parametrize(
    ("judged", "message"),
    [
        (sequential(layers.Activation("sigmoid")), "sigmoid"),
        (sequential(layers.Activation("log_sigmoid")), "log_sigmoid"),
        (sequential(layers.Activation("hard_sigmoid")), "hard_sigmoid"),
        (nested(sequential(layers.Activation("sigmoid"))), "sigmoid"),
        (sequential(layers.Activation("sigmoid"), layers.Reshape([1])), "sigmoid"),
        (discriminator(lambda x: keras.ops.sigmoid(layers.Dense(1)(x))), "sigmoid"),
        (discriminator(layers.Dense(1, activation="softmax")), "softmax"),
        (discriminator(layers.Dense(10)), r"one logit.*\n.*\('N', 10\)"),
        (discriminator(layers.Dense(2, activation="softmax")), "one logit"),
        (discriminator(layers.Dense(1), layers.Dense(10)), "name one of them `logits`"),
        (keras.Sequential([layers.Flatten(), layers.Dense(1)]), "keras.Input"),
    ],
)
def test_other_judgements_are_refused(judged, message):
    with pytest.raises(ValueError, match=message):
        kgan.GAN(generator(), judged)


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "softplus"])
def test_generators_must_reach_negative_values(activation):
    with pytest.raises(ValueError, match=rf"\[-1, 1\]\.\n.*{activation}"):
        kgan.GAN(generator(activation), discriminator())


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (generator(code=(1, 1, 4)), r"\(1, 1, 4\).*Reshape"),
        (keras.Model(*[keras.Input([8, 8, 1], dtype="int32")] * 2), "inputs z"),
        (conditional(lambda y: y, shape=[3], dtype="float32"), "CategoryEncoding"),
    ],
)
def test_other_codes_and_labels_are_refused(made, message):
    with pytest.raises(ValueError, match=rf"(?s){message}"):
        kgan.GAN(made, discriminator())


READERS = {
    "embedding": layers.Embedding(3, 4),
    "encoding": lambda y: layers.CategoryEncoding(3, output_mode="one_hot")(y),
    "operation": lambda y: keras.ops.one_hot(y, 3),
    "in a layer": Embedded(),
}


@pytest.mark.parametrize("form", [list, dict])
@pytest.mark.parametrize("reader", READERS)
def test_labels_however_they_are_read(reader, form):
    shape = [1] if reader == "encoding" else ()
    made = conditional(READERS[reader], form, shape=shape)
    gan = trained(made, judge(), Y)
    assert gan.num_classes == 3 and gan.generate(3, labels=2).shape == (3, 8, 8, 1)


def test_a_number_of_classes_that_no_layer_tells(tmp_path):
    def read(label):
        return layers.Rescaling(0.5)(layers.Reshape([1])(label))

    with pytest.raises(ValueError, match="num_classes=…"):
        trained(conditional(read), judge(), Y)
    gan = trained(conditional(read), judge(), Y, num_classes=3)
    gan.save(tmp_path / "gan.keras")
    assert kgan.load_model(tmp_path / "gan.keras").num_classes == 3


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_player_that_does_not_train_is_refused(player):
    players = {"generator": generator(), "discriminator": discriminator()}
    players[player].trainable = False
    with pytest.raises(
        ValueError, match=rf"(?s)weights that train.*{player}.*one player"
    ):
        kgan.GAN(**players).compile()


def test_frozen_after_compile():
    gan = trained(generator(), discriminator())
    gan.discriminator.trainable = False
    with pytest.raises(ValueError, match="weights that train"):
        gan.fit(X)


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 2}])
def test_frozen_layers_stay_as_they_are(options, tmp_path):
    frozen = layers.Dense(16, trainable=False)
    gan = trained(generator(middle=frozen), discriminator(), compiled=options)
    kernel = frozen.get_weights()[0]
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    loaded.fit(X, batch_size=8, verbose=0)
    for network in (loaded.generator, loaded.ema_generator):
        assert len(network.trainable_variables) == 4
        assert any(np.array_equal(kernel, v.numpy()) for v in network.variables)


def test_thawing_needs_compile():
    frozen = layers.Dense(16, trainable=False)
    gan = trained(generator(middle=frozen), discriminator())
    frozen.trainable = True
    with pytest.raises(ValueError, match="Call `compile` again"):
        gan.fit(X)
    gan.compile()
    gan.fit(X, batch_size=8, verbose=0)


def weights_after_a_step(player, make, **compiled):
    """Weights of a layer of a player before and after a step of gradient descent, from
    equal starts."""
    with seeded_initializers(0):
        layer = make()
        made = generator(middle=layer if player == "generator" else None)
        judged = discriminator(middle=layer if player == "discriminator" else None)
    start = [w.numpy() for w in layer.weights]
    rates = {f"{player}_optimizer": keras.optimizers.SGD(0.5)}
    gan = kgan.GAN(made, judged)
    gan.compile(**rates, **compiled)
    gan.fit(X, batch_size=32, verbose=0)
    return start, [w.numpy() for w in layer.weights]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_regularisers_of_weights_are_added(player, count):
    after, options = {}, {"gradient_accumulation_steps": count}
    for factor in (0.0, 0.1):
        regularizer = keras.regularizers.L2(factor)
        dense = functools.partial(layers.Dense, 16, kernel_regularizer=regularizer)
        (kernel, _), after[factor] = weights_after_a_step(player, dense, **options)
    # d/dw 0.1 w² = 0.2 w, times the rate.
    expected = after[0.0][0] - 0.5 * 0.2 * kernel
    np.testing.assert_allclose(after[0.1][0], expected, atol=2e-6)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("player", "calls"), [("generator", 1), ("discriminator", 2)])
def test_add_loss_counts_in_each_call(player, calls, count):
    options = {"gradient_accumulation_steps": count}
    (start,), (end,) = weights_after_a_step(player, Weighted, **options)
    np.testing.assert_allclose(end, start - 0.5 * calls, rtol=1e-6)


def test_activity_regularisers_are_added():
    after = []
    for factor in (0.0, 1.0):
        regularizer = keras.regularizers.L2(factor)
        dense = functools.partial(layers.Dense, 16, activity_regularizer=regularizer)
        after.append(weights_after_a_step("generator", dense)[1][0])
    assert np.abs(after[1] - after[0]).max() > 1e-3


def test_weights_that_were_set_are_those_of_the_average():
    gan = kgan.GAN(generator(), discriminator())
    gan.compile()
    gan.generator.set_weights(generator().get_weights())
    z = gan.prior.latents(2, 4, 0, 0)
    np.testing.assert_allclose(gan.generate(2), gan.generator(z), atol=1e-6)
    gan.fit(X, batch_size=8, verbose=0)
    moved = gan.ema_generator.get_weights()
    assert not np.array_equal(moved[0], gan.generator.get_weights()[0])


def test_an_average_that_was_set_stays_as_it_is():
    gan = kgan.GAN(generator(), discriminator())
    other = generator().get_weights()
    gan.ema_generator.set_weights(other)
    gan.generator.set_weights(generator().get_weights())
    gan.generate(2)
    gan.generator.set_weights(generator().get_weights())
    gan.generate(2)
    np.testing.assert_array_equal(gan.ema_generator.get_weights()[0], other[0])


def test_weights_set_after_loading_are_exported(tmp_path):
    gan = kgan.GAN(generator(), discriminator())
    gan.compile()
    gan.save(tmp_path / "a.keras")
    loaded = kgan.load_model(tmp_path / "a.keras")
    loaded.generator.set_weights(generator().get_weights())
    kgan_export.export(loaded, tmp_path / "a.onnx", output_dtype="float32")
    samples = kgan_export.Sampler(tmp_path / "a.onnx").sample(2, seed=0)
    z = loaded.prior.latents(2, 4, 0, 0)
    np.testing.assert_allclose(samples, loaded.generator(z), atol=1e-5)


@pytest.mark.parametrize(
    ("middle", "message"),
    [
        (layers.Lambda(lambda x: 2 * x), "Lambda is Python code"),
        (Unregistered(), "register_keras_serializable.*Unregistered"),
        (WithoutConfig(lambda x: 2 * x), "get_config"),
    ],
)
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_what_could_not_be_loaded_is_refused(player, middle, message):
    build = {"generator": generator, "discriminator": discriminator}[player]
    players = {"generator": generator(), "discriminator": discriminator()}
    with pytest.raises(ValueError, match=f"(?s){player}.*{message}"):
        kgan.GAN(**players | {player: build(middle=middle)}).compile()


def test_layers_of_both_players_are_refused():
    shared = layers.Dense(16)
    with pytest.raises(ValueError, match="layers of their own"):
        kgan.GAN(generator(middle=shared), discriminator(middle=shared)).compile()
    idle = layers.LeakyReLU()  # without weights there is nothing to own
    trained(generator(middle=idle), discriminator(middle=idle))


def test_files_with_own_layers_load_by_custom_objects(tmp_path):
    with keras.saving.custom_object_scope({"Unregistered": Unregistered}):
        trained(generator(middle=Unregistered()), discriminator()).save(
            tmp_path / "gan.keras"
        )
    with pytest.raises((TypeError, ValueError)):
        kgan.load_model(tmp_path / "gan.keras")
    own = {"Unregistered": Unregistered}
    assert kgan.load_model(tmp_path / "gan.keras", custom_objects=own).compiled


@pytest.mark.parametrize("name", ["a.h5", "a.hdf5", "a", "a.weights.h5"])
def test_other_files_are_refused_before_they_are_touched(name, tmp_path):
    (tmp_path / name).write_text("kept")
    with pytest.raises(ValueError, match=r"\.keras file"):
        trained(generator(), discriminator()).save(tmp_path / name)
    assert (tmp_path / name).read_text() == "kept"


@pytest.mark.parametrize(
    "end",
    [
        keras.ops.round,
        keras.ops.stop_gradient,
        lambda x: keras.ops.cast(keras.ops.cast(x, "int32"), "float32"),
    ],
)
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_players_that_pass_no_gradients_are_named(player, end):
    z, image = keras.Input((4,)), keras.Input((8, 8, 1))
    made = layers.Reshape((8, 8, 1))(layers.Dense(64, "tanh")(z))
    judged = layers.Dense(1)(layers.Flatten()(image))
    ends = {"generator": made, "discriminator": judged}
    ends[player] = end(ends[player])
    gan = kgan.GAN(
        keras.Model(z, ends["generator"]), keras.Model(image, ends["discriminator"])
    )
    gan.compile()
    with pytest.raises(ValueError, match=f"loss must depend.*\n.*'{player}'"):
        gan.fit(X, batch_size=8, verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": None}, "`seed` must be an integer"),
        ({"seed": "0"}, "`seed` must be an integer"),
        ({"num_classes": "3"}, "`num_classes` must be an integer"),
        ({"num_classes": 4}, "must know all classes.*\n.*`generator`=3"),
    ],
)
def test_numbers_of_the_constructor(arguments, message):
    with pytest.raises(ValueError, match=message):
        kgan.GAN(*of_classes(3, 3), **arguments).compile()


def test_a_discriminator_of_fewer_classes_is_refused():
    with pytest.raises(ValueError, match="must know all classes.*\n.*`discriminator`"):
        kgan.GAN(*of_classes(3, 2)).compile()


@keras.saving.register_keras_serializable(package="test_players")
class Subclassed(keras.Model):
    """A discriminator of images and labels whose inputs Keras does not keep."""

    def __init__(self, classes, **options):
        super().__init__(**options)
        self.classes = classes
        self.images = keras.Sequential([layers.Flatten(), layers.Dense(8)])
        self.labels = layers.Embedding(classes, 8)
        self.logit = layers.Dense(1)

    def call(self, inputs):
        image, label = inputs
        return self.logit(self.images(image) * self.labels(label))

    def get_config(self):
        return {**super().get_config(), "classes": self.classes}


@pytest.mark.parametrize("known", [2, 3])
def test_classes_of_a_subclassed_discriminator(known):
    generator, _ = of_classes(3, 3)
    judge = Subclassed(known)
    judge([np.zeros([2, 8, 8, 1], "float32"), np.zeros(2, "int64")])
    refused = pytest.raises(ValueError, match="must know all classes")
    with refused if known < 3 else contextlib.nullcontext():
        kgan.GAN(generator, judge).compile()


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ("fashion_mnist", {}, "Read it: kgan.data.load"),
        (Path("photos"), {}, "Read it: kgan.data.load"),
        (None, {}, "Read it: kgan.data.load"),
        (X, {"batch_size": 0}, "`batch_size` must be an integer"),
        (X, {"batch_size": 2.5}, "`batch_size` must be an integer"),
        (X, {"steps_per_epoch": 0}, "`steps_per_epoch` must be an integer"),
        (tf.data.Dataset.from_tensor_slices(["a.png"]).batch(1), {}, "must be numbers"),
    ],
)
def test_what_is_no_data(data, options, message):
    gan = kgan.GAN(generator(), discriminator())
    gan.compile()
    with pytest.raises(ValueError, match=message):
        gan.fit(data, verbose=0, **options)


def test_labels_that_are_text():
    gan = kgan.GAN(*of_classes(3, 3))
    gan.compile()
    names = np.array(["a", "b", "c", "a"] * 8)
    data = tf.data.Dataset.from_tensor_slices((X, names)).batch(8)
    with pytest.raises(ValueError, match="must be numbers.*\n.*'text'"):
        gan.fit(data, verbose=0)
