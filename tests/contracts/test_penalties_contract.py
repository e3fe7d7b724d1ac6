import keras
import numpy as np
import pytest

import kgan
from tests.contracts.discovery import discover, name

every_penalty = pytest.mark.parametrize(
    "penalty", discover(kgan.penalties.Penalty), ids=name
)
REAL, FAKE = np.random.default_rng(0).normal(size=(2, 8, 2)).astype("float32")


@every_penalty
def test_serialisation_keeps_arguments_and_values(penalty, small_game):
    config = keras.saving.serialize_keras_object(penalty)
    clone = keras.saving.deserialize_keras_object(config)
    assert clone.get_config() == penalty.get_config()
    discriminator = small_game().discriminator
    value = penalty(discriminator, REAL, FAKE)
    assert value.shape == (8,) and value.dtype == "float32"
    np.testing.assert_array_equal(clone(discriminator, REAL, FAKE), value)


@every_penalty
def test_found_by_name(penalty):
    assert type(kgan.penalties.get(penalty.name)) is type(penalty)


@every_penalty
def test_dict_valued_discriminator(penalty, small_game):
    plain = small_game().discriminator
    value = penalty(lambda x: {"logits": plain(x), "other": x}, REAL, FAKE)
    np.testing.assert_allclose(value, penalty(plain, REAL, FAKE))


@every_penalty
def test_one_fit_step_logs_the_unweighted_value(penalty, small_game):
    def logs(weight, interval):
        options = {**penalty.get_config(), "weight": weight, "interval": interval}
        gan = small_game()
        gan.compile(penalties=[type(penalty)(**options)])
        return gan.fit(REAL, batch_size=8, verbose=0, shuffle=False).history

    value = logs(1.0, 1)[penalty.name]
    assert np.isfinite(value).all() and value[0] >= 0
    np.testing.assert_allclose(logs(7.0, 1)[penalty.name], value, rtol=1e-5)
    np.testing.assert_allclose(logs(1.0, 4)[penalty.name], value, rtol=1e-5)


@every_penalty
def test_lazy_interval_equals_a_larger_weight_in_the_step_that_uses_it(
    penalty, small_game
):
    def weights(weight, interval):
        options = {**penalty.get_config(), "weight": weight, "interval": interval}
        gan = small_game()
        gan.compile(penalties=[type(penalty)(**options)])
        gan.fit(REAL, batch_size=8, verbose=0, shuffle=False)
        return gan.discriminator.get_weights()

    for lazy, heavy in zip(weights(2.0, 3), weights(6.0, 1), strict=True):
        np.testing.assert_allclose(lazy, heavy, rtol=1e-4, atol=1e-7)
