import keras
import numpy as np
import pytest

from kgan.layers import EqualizedConv2D, EqualizedDense


def test_the_kernel_is_scaled_by_gain_and_fan_in():
    """Weights of 1, 9 inputs: each output is 9·√2/√9 = 3·√2, and 3 with a gain of 1."""
    for options, expected in (({}, 3 * 2**0.5), ({"gain": 1.0}, 3.0)):
        dense = EqualizedDense(2, kernel_initializer="ones", **options)
        convolution = EqualizedConv2D(2, 3, kernel_initializer="ones", **options)
        np.testing.assert_allclose(dense(np.ones((1, 9))), [[expected] * 2], rtol=1e-6)
        image = np.ones((1, 3, 3, 1), "float32")
        np.testing.assert_allclose(convolution(image), [[[[expected] * 2]]], rtol=1e-6)


def test_weights_start_as_standard_normal_numbers():
    dense = EqualizedDense(200)
    dense.build((None, 200))
    assert dense.trainable_variables[0].numpy().std() == pytest.approx(1.0, abs=0.02)


def test_saving_keeps_weights_and_gain(tmp_path):
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype("float32")
    model = keras.Sequential(
        [
            keras.Input((4, 4, 3)),
            EqualizedConv2D(2, 3),
            keras.layers.Flatten(),
            EqualizedDense(2, gain=0.5),
        ]
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))
