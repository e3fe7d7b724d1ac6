import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.layers import SpectralConv2D, SpectralDense

every_layer = pytest.mark.parametrize(
    "layer, x",
    [
        (SpectralDense(5, use_bias=False), np.ones((3, 7), "float32")),
        (SpectralConv2D(5, 3, use_bias=False), np.ones((3, 6, 6, 2), "float32")),
    ],
    ids=["dense", "conv"],
)


@every_layer
def test_spectral_norm_becomes_one(layer, x):
    for _ in range(100):
        layer(x, training=True)
    matrix = np.reshape(layer.kernel, [-1, 5])
    assert np.linalg.svd(matrix, compute_uv=False)[0] == pytest.approx(1.0, abs=1e-4)
    assert layer.trainable_variables[0].shape == layer.kernel.shape


@every_layer
def test_inference_changes_nothing(layer, x):
    layer(x)
    before = [weight.copy() for weight in layer.get_weights()]
    np.testing.assert_array_equal(layer(x), layer(x))
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_gradient_flows_through_the_norm():
    """d(W/σ)/dW has no part along W: scaling a kernel changes nothing."""
    layer = SpectralDense(4, use_bias=False)
    x = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    for _ in range(200):
        layer(x, training=True)
    weight = layer.trainable_variables[0]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    gradient = tape.gradient(loss, weight.value)
    assert abs(float(tf.reduce_sum(gradient * weight.value))) < 1e-3


def test_saved_with_its_vector(tmp_path):
    model = keras.Sequential([keras.Input((3,)), SpectralDense(4)])
    model(np.ones((2, 3)), training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for old, new in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert len(loaded.get_weights()) == 3
