import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from tests.contracts.discovery import discover, name

every_penalty = pytest.mark.parametrize(
    "penalty", discover(kgan.penalties.Penalty), ids=name
)
REAL, FAKE = np.tanh(np.random.default_rng(0).normal(size=(2, 8, 8, 8, 1))).astype("f4")


def clone(penalty, **changes):
    config = {**penalty.get_config(), **changes}
    return type(penalty).from_config(config)


def value_of(penalty, gan, wrap=lambda logits: logits):
    fresh = clone(penalty)  # some remember what they saw
    return fresh(
        lambda x: wrap(gan.discriminator(x)),
        REAL,
        FAKE,
        generator=gan.generator,
        z=tf.constant(gan.prior.latents(8, 4, seed=0)),
        game=gan,
    )


def train(penalty, gan, run_eagerly=True):
    # Eagerly where one step is all: tracing costs more than the step.
    gan.compile(penalties=[penalty], run_eagerly=run_eagerly)
    return gan.fit(REAL, batch_size=8, verbose=0, shuffle=False).history


@every_penalty
def test_serialisation_keeps_arguments_and_values(penalty, small_game):
    config = keras.saving.serialize_keras_object(penalty)
    copy = keras.saving.deserialize_keras_object(config)
    assert copy.get_config() == penalty.get_config()
    gan = small_game()
    value = value_of(penalty, gan)
    assert value.shape == (8,) and value.dtype == "float32"
    np.testing.assert_array_equal(value_of(copy, gan), value)


@every_penalty
def test_found_by_name(penalty):
    assert type(kgan.penalties.get(penalty.name)) is type(penalty)


@every_penalty
def test_dict_valued_discriminator(penalty, small_game):
    gan = small_game()
    value = value_of(penalty, gan, lambda logits: {"logits": logits, "other": 0})
    np.testing.assert_allclose(value, value_of(penalty, gan))


@every_penalty
def test_one_fit_step_logs_the_unweighted_value(penalty, small_game):
    graph = train(clone(penalty, weight=1.0, interval=1), small_game(), False)
    value = graph[penalty.name]
    assert np.isfinite(value).all() and value[0] != 0
    for changes in ({"weight": 7.0, "interval": 1}, {"weight": 1.0, "interval": 4}):
        logged = train(clone(penalty, **changes), small_game())[penalty.name]
        np.testing.assert_allclose(logged, value, rtol=1e-4)


@every_penalty
def test_lazy_interval_equals_a_larger_weight_in_the_step_that_uses_it(
    penalty, small_game
):
    """Both players' weights, and another result without the penalty."""

    def weights(weight, interval):
        gan = small_game()
        train(clone(penalty, weight=weight, interval=interval), gan)
        return gan.get_weights()

    for lazy, heavy in zip(weights(2.0, 3), weights(6.0, 1), strict=True):
        np.testing.assert_allclose(lazy, heavy, rtol=1e-4, atol=1e-6)


@every_penalty
def test_changes_the_weights_of_its_player_alone(penalty, small_game):
    def players(weight):
        gan = small_game(ema_decay=0)
        gan.compile(
            *[keras.optimizers.SGD(0.1) for _ in range(2)],
            updates="simultaneous",
            penalties=[clone(penalty, weight=weight, interval=1)],
            run_eagerly=True,
        )
        gan.fit(REAL, batch_size=8, verbose=0, shuffle=False)
        return {
            "generator": gan.generator.get_weights(),
            "discriminator": gan.discriminator.get_weights(),
        }

    without, with_ = players(0.0), players(10.0)
    for player, old in without.items():
        moved = any((a != b).any() for a, b in zip(old, with_[player], strict=True))
        assert moved == (player == penalty.player), player


@every_penalty
def test_finite_at_a_flat_discriminator(penalty, small_game):
    """No NaN where the gradient, and so its norm, is zero."""
    gan = small_game()
    for variable in gan.discriminator.trainable_variables:
        variable.assign(tf.zeros_like(variable))
    train(clone(penalty, interval=1), gan)
    assert all(np.isfinite(weight).all() for weight in gan.get_weights())
