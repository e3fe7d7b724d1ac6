"""Dropout and its like draw on where they stopped, from the seed of the model."""

import keras
import numpy as np
import pytest

import kgan
from kgan._core.random import seeded_initializers
from kgan.models.training import saving
from tests.modules import run_module

X = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")


@keras.saving.register_keras_serializable(package="test_random_layers")
class Noisy(keras.layers.Layer):
    """A layer with a seed generator of its own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.random = keras.random.SeedGenerator()

    def call(self, x, training=False):
        if not training:
            return x
        return x + keras.random.normal(keras.ops.shape(x), seed=self.random)


def game(layer=None, augmentation=None, seed=0, **options):
    """A small game whose players have a random layer, the generator's in a model."""
    code, image = keras.Input([4]), keras.Input([8, 8, 1])
    inner = keras.Input([16])
    noisy = layer() if layer else keras.layers.Identity()
    with seeded_initializers(0):
        nested = keras.Model(inner, noisy(keras.layers.Dense(16)(inner)))
        made = keras.layers.Dense(64, "tanh")(nested(keras.layers.Dense(16)(code)))
        x = keras.layers.Dense(16)(keras.layers.Flatten()(image))
        x = layer()(x) if layer else x
        judged = keras.layers.Dense(1)(x)
    gan = kgan.GAN(
        keras.Model(code, keras.layers.Reshape([8, 8, 1])(made)),
        keras.Model(image, judged),
        seed=seed,
    )
    gan.compile(augmentation=augmentation, **options)
    return gan


@keras.saving.register_keras_serializable(package="test_random_layers")
class Augmentation(Noisy):
    """An augmentation that is a layer, and draws numbers of its own."""

    def call(self, x, random, step):
        return super().call(x, training=True)

    def __call__(self, x, random, step):
        return super().__call__(x, random=random, step=step)


def fit(gan, steps):
    gan.fit(X, batch_size=8, steps_per_epoch=steps, verbose=0)
    return gan.get_weights()


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


LAYERS = {
    "dropout": lambda: keras.layers.Dropout(0.5),
    "seeded dropout": lambda: keras.layers.Dropout(0.5, seed=3),
    "noise": lambda: keras.layers.GaussianNoise(0.3),
    "scaled noise": lambda: keras.layers.GaussianDropout(0.3),
    "alpha": lambda: keras.layers.AlphaDropout(0.3),
    "own": Noisy,
}


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 2}])
@pytest.mark.parametrize("layer", LAYERS)
def test_a_loaded_model_draws_on(layer, options, tmp_path):
    whole = fit(game(LAYERS[layer], **options), 4)
    half = game(LAYERS[layer], **options)
    fit(half, 2)
    half.save(tmp_path / "half.keras")
    assert equal(fit(kgan.load_model(tmp_path / "half.keras"), 2), whole)


def test_an_augmentation_draws_on_too(tmp_path):
    def make():
        return game(LAYERS["dropout"], Augmentation(), seed=5)

    whole, half = fit(make(), 4), make()
    assert len(set(saving.random_states(half)[:, 0])) == 4
    fit(half, 2)
    half.save(tmp_path / "half.keras")
    assert equal(fit(kgan.load_model(tmp_path / "half.keras"), 2), whole)
    # What is loaded without `compile` knows no augmentation.
    loaded = keras.models.load_model(tmp_path / "half.keras", compile=False)
    assert equal(loaded.get_weights(), half.get_weights())


def test_compiled_again_it_draws_on():
    gan = game(LAYERS["dropout"])
    fit(gan, 2)
    before = saving.random_states(gan)
    gan.compile()
    np.testing.assert_array_equal(saving.random_states(gan), before)


def test_states_of_other_layers_are_refused(tmp_path):
    game(LAYERS["dropout"]).save_weights(tmp_path / "a.weights.h5")
    with pytest.raises(ValueError, match="random layers must be those"):
        game().load_weights(tmp_path / "a.weights.h5")


def test_random_pictures_are_moved(tmp_path):
    """Preprocessing layers inside a discriminator."""

    def make():
        image = keras.Input([8, 8, 1])
        with seeded_initializers(0):
            x = keras.layers.RandomTranslation(0.2, 0.2)(image)
            x = keras.layers.SpatialDropout2D(0.3)(keras.layers.RandomFlip()(x))
            x = keras.layers.Dense(1)(keras.layers.Flatten()(x))
            gan = kgan.GAN(
                kgan.networks.mlp.generator([8, 8, 1], 4, 8), keras.Model(image, x)
            )
        gan.compile()
        return gan

    whole, half = fit(make(), 4), make()
    fit(half, 2)
    half.save(tmp_path / "half.keras")
    assert equal(fit(kgan.load_model(tmp_path / "half.keras"), 2), whole)


def test_seeds_that_are_not_given_derive_from_the_model_s():
    first, again, other = (fit(game(LAYERS["dropout"], seed=s), 2) for s in (0, 0, 1))
    assert equal(first, again)
    # The layers of one game draw numbers of their own, and what is given is kept.
    states = saving.random_states(game(LAYERS["dropout"]))
    assert len(set(states[:, 0])) == len(states)
    assert {3} == set(saving.random_states(game(LAYERS["seeded dropout"]))[:, 0])


def test_files_from_before_load(tmp_path, monkeypatch):
    gan = game(LAYERS["dropout"])
    with monkeypatch.context() as patch:
        patch.setattr(saving, "random_states", lambda model: ())
        gan.save(tmp_path / "old.keras")
    loaded = kgan.load_model(tmp_path / "old.keras")
    assert equal(loaded.get_weights(), gan.get_weights())


@pytest.mark.slow
def test_replicas_draw_their_own_numbers_and_go_on_exactly():
    found = run_module("tests.models.random_layers_on_replicas")
    assert found["equal"] and len(set(map(tuple, found["states"]))) == 2
