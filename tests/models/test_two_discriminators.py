"""Three players are the same to the base as two or one."""

import keras
import numpy as np
import pytest

import kgan
import kgan_export
from kgan._core.random import seeded_initializers
from tests.models.two_discriminators import TwoDiscriminators

SHAPE = (8, 8, 1)
X = np.tanh(np.random.default_rng(0).normal(size=(32, *SHAPE))).astype("float32")


@keras.saving.register_keras_serializable(package="kgan_tests")
class OnFine(kgan.penalties.R1):
    """R1 of the player `fine`."""

    player = "fine"


def build(**options):
    with seeded_initializers(0):
        mlp = kgan.networks.mlp
        model = TwoDiscriminators(
            mlp.generator(SHAPE, 4, 8),
            mlp.discriminator(SHAPE, 8),
            mlp.discriminator((4, 4, 1), 8),
        )
    model.compile(**options)
    return model


def fit(model, steps):
    logs = model.fit(X, batch_size=8, steps_per_epoch=steps, verbose=0).history
    return {name: values[-1] for name, values in logs.items()}


def test_all_three_move_and_are_logged():
    model = build()
    before = {name: p.weights[0].numpy() for name, p in model.players.items()}
    assert set(fit(model, 1)) == {"fine_loss", "coarse_loss", "g_loss"}
    for name, player in model.players.items():
        assert np.abs(player.weights[0].numpy() - before[name]).max() > 0
    assert list(model.optimizers) == [
        "fine_optimizer",
        "coarse_optimizer",
        "generator_optimizer",
    ]


def test_a_loaded_game_goes_on_bit_for_bit(tmp_path, deterministic):
    whole, half = build(), build()
    fit(whole, 3)
    fit(half, 1)
    half.save(tmp_path / "two.keras")
    loaded = keras.models.load_model(tmp_path / "two.keras")
    fit(loaded, 2)
    for a, b in zip(whole.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_micro_batches_make_the_same_update():
    whole, split = build(), build(gradient_accumulation_steps=2)
    fit(whole, 2)
    fit(split, 2)
    for a, b in zip(whole.get_weights(), split.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=2e-6)


def test_a_penalty_belongs_to_the_player_that_it_names():
    plain, kept = build(), build(penalties=[OnFine(weight=10.0)])
    assert fit(plain, 1).keys() | {"on_fine"} == fit(kept, 1).keys()
    differs = {
        name: np.abs(player.weights[0] - kept.players[name].weights[0]).max() > 0
        for name, player in plain.players.items()
    }
    # The generator answers the discriminators as they are after their moves.
    assert differs == {"fine": True, "coarse": False, "generator": True}


def test_samples_and_exports_are_the_generators(tmp_path):
    model = build()
    fit(model, 1)
    kgan_export.export(model, tmp_path / "two.onnx", output_dtype="float32")
    exported = kgan_export.Sampler(tmp_path / "two.onnx").sample(3, seed=1)
    np.testing.assert_allclose(exported, model.generate(3, seed=1), atol=1e-4)


def test_an_optimizer_belongs_to_one_player():
    with pytest.raises(ValueError, match="an optimizer of its own"):
        build(optimizer=keras.optimizers.SGD(0.1))
