import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import seeded_initializers
from tests.contracts.discovery import discover, name

SHAPE, CLASSES = (8, 8, 1), 3
X = np.tanh(np.random.default_rng(0).normal(size=(8, *SHAPE))).astype("f4")
Y = np.arange(8) % CLASSES

every_objective = pytest.mark.parametrize(
    "objective", discover(kgan.objectives.Objective), ids=name
)


def classes_of(objective):
    return objective.drawn_labels or CLASSES


def outputs(objective, seed):
    rng = np.random.default_rng(seed)
    heads = {"logits": 1, **objective.heads(CLASSES)}
    return {head: rng.normal(size=(8, units)) for head, units in heads.items()}


def values(objective, scale=1.0):
    real, fake = (
        {head: scale * value for head, value in outputs(objective, seed).items()}
        for seed in (0, 1)
    )
    z = np.random.default_rng(2).normal(size=(8, 4)).astype("f4")
    return (
        objective.discriminator_loss(real, fake, Y, z),
        objective.generator_loss(fake, Y, z),
    )


def game(objective, **options):
    """A game of the objective's heads, in which the discriminator sees no label."""
    with seeded_initializers(0):
        gan = kgan.GAN(
            kgan.networks.mlp.generator(
                SHAPE,
                latent_dim=4,
                width=8,
                num_classes=classes_of(objective),
                conditioning="embedding" if objective.needs_label else "none",
            ),
            kgan.networks.mlp.discriminator(
                SHAPE, width=8, heads=objective.heads(CLASSES)
            ),
            ema_decay=0,
        )
    gan.compile(
        *[keras.optimizers.SGD(0.1) for _ in range(2)],
        objectives=[objective],
        run_eagerly=True,
        **options,
    )
    return gan


def clone(objective, **changes):
    return type(objective).from_config({**objective.get_config(), **changes})


def train(gan):
    history = gan.fit(X, Y, batch_size=8, verbose=0, shuffle=False).history
    players = gan.generator, gan.discriminator
    return [player.get_weights() for player in players], history


@every_objective
def test_one_finite_value_a_sample(objective):
    for scale in (1.0, 1e4):
        for value in values(objective, scale):
            assert value.shape == (8,) and value.dtype == "float32"
            assert np.isfinite(value).all()


@every_objective
def test_serialisation_keeps_arguments_and_values(objective):
    config = keras.saving.serialize_keras_object(objective)
    copy = keras.saving.deserialize_keras_object(config)
    assert copy.get_config() == objective.get_config()
    for value, expected in zip(values(copy), values(objective), strict=True):
        np.testing.assert_array_equal(value, expected)


@every_objective
def test_found_by_name(objective):
    assert type(kgan.objectives.get(objective.name)) is type(objective)


@every_objective
def test_logs_the_unweighted_value_and_moves_the_players_by_the_weight(objective):
    without, logs = train(game(clone(objective, weight=0.0), updates="simultaneous"))
    with_, same = train(game(clone(objective, weight=5.0), updates="simultaneous"))
    np.testing.assert_allclose(same[objective.name], logs[objective.name], rtol=1e-5)
    assert np.isfinite(same[objective.name]).all() and same[objective.name][0] != 0
    moved = [
        any((a != b).any() for a, b in zip(old, new, strict=True))
        for old, new in zip(without, with_, strict=True)
    ]
    # The generator of a semi-supervised game learns by the logit alone.
    assert moved == [objective.needs_label, True]


@every_objective
def test_a_saved_game_goes_on_with_it(objective, tmp_path):
    gan = game(clone(objective, weight=2.0))
    train(gan)
    gan.save(tmp_path / "game.keras")
    loaded = kgan.load_model(tmp_path / "game.keras")
    assert loaded.objectives[0].get_config() == gan.objectives[0].get_config()
    first, second = train(gan), train(loaded)
    assert first[1] == second[1]
    for old, new in zip(first[0], second[0], strict=True):
        for a, b in zip(old, new, strict=True):
            np.testing.assert_array_equal(a, b)


@every_objective
def test_half_precision_outputs(objective):
    halves = {head: tf.cast(v, tf.float16) for head, v in outputs(objective, 1).items()}
    z = tf.zeros([8, 4])
    value = objective.generator_loss(halves, tf.constant(Y), z)
    assert value.dtype == "float32"


@every_objective
def test_missing_heads_are_named(objective):
    gan = game(objective)
    gan.discriminator = kgan.networks.mlp.discriminator(SHAPE, width=8)
    with pytest.raises(ValueError, match=f"the heads of {objective.name}"):
        gan.compile(objectives=[objective])
