import keras
import numpy as np
import pytest

from kgan.networks import bigan

SHAPE = (8, 8, 1)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (6, *SHAPE)).astype("float32")


def test_the_deviation_of_codes_is_limited_and_starts_near_the_limit(tmp_path):
    """softplus(0) = log 2, so that the variance starts at half of the limit's."""
    encoder = bigan.encoder(SHAPE, 5, 4, stochastic=True, max_deviation=0.3)
    log_variance = np.asarray(encoder(IMAGES))[:, 5:]
    np.testing.assert_allclose(np.exp(log_variance), 0.3**2 / 2, rtol=0.3)
    spread = encoder.get_layer("spread")
    spread.bias.assign(np.full(5, -20.0))  # as large as it can be
    spread.kernel.assign(0 * spread.kernel)
    deviation = np.exp(0.5 * np.asarray(encoder(IMAGES))[:, 5:])
    np.testing.assert_allclose(deviation, 0.3, rtol=1e-5)
    encoder.save(tmp_path / "encoder.keras")
    loaded = keras.models.load_model(tmp_path / "encoder.keras")
    np.testing.assert_array_equal(loaded(IMAGES), encoder(IMAGES))


def test_limit_must_be_positive():
    with pytest.raises(ValueError, match="Received: max_deviation=0"):
        bigan.encoder(SHAPE, 5, 4, stochastic=True, max_deviation=0)
