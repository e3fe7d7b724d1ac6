"""Faster ways to compute are the ways of Keras, to rounding, twice differentiable."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import kgan
from kgan.models.training.faster import make_adam_faster, make_layers_faster

LAYERS = {
    "convolution": lambda: layers.Conv2D(5, 4, 2, "same"),
    "odd kernel": lambda: layers.Conv2D(5, 5, 2, "same", activation="tanh"),
    "stride of 4": lambda: layers.Conv2D(5, 4, 4, "same", use_bias=False),
    "spectral": lambda: kgan.layers.SpectralConv2D(5, 3, 2, "same"),
    "transposed": lambda: layers.Conv2DTranspose(3, 4, 2, "same"),
    "odd transposed": lambda: layers.Conv2DTranspose(
        1, 5, 2, "same", activation="tanh"
    ),
    "stride of 3": lambda: layers.Conv2DTranspose(2, 6, 3, "same", use_bias=False),
    "batch norm": lambda: layers.BatchNormalization(momentum=0.5),
    "plain batch norm": lambda: layers.BatchNormalization(center=False, scale=False),
    "float64 batch norm": lambda: layers.BatchNormalization(dtype="float64"),
    "leaky": lambda: layers.LeakyReLU(0.3),
}


def twins(make):
    """Returns a network of one layer, and the same with faster ways to compute."""
    image = keras.Input([8, 8, 3])
    plain = keras.Model(image, make()(image))
    faster = keras.models.clone_model(plain)
    faster.set_weights(plain.get_weights())
    make_layers_faster(faster)
    return plain, faster


def derivatives(network, x):
    """Returns values, first and second derivatives, and the weights afterwards."""

    @tf.function
    def compute():
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.cast(network(x, training=True), tf.float32)
                loss = tf.reduce_sum(tf.sin(y) * tf.cos(2.0 * y))
            gradient = tape.gradient(loss, x)
            loss += tf.reduce_sum(gradient**2)
        sources = [x, *network.trainable_variables]
        return [y, gradient, *outer.gradient(loss, sources)]

    return [np.array(value) for value in (*compute(), *network.get_weights())]


@pytest.mark.parametrize("name", LAYERS)
def test_a_faster_layer_computes_the_same(name):
    plain, faster = twins(LAYERS[name])
    changed = [
        key for key in ("call", "convolution_op") if key in vars(faster.layers[1])
    ]
    assert len(changed) == 1
    x = tf.constant(np.random.default_rng(0).normal(size=(6, 8, 8, 3)), tf.float32)
    values = zip(derivatives(plain, x), derivatives(faster, x), strict=True)
    for expected, value in values:
        np.testing.assert_allclose(
            value, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max()
        )
    np.testing.assert_allclose(plain(x), faster(x), rtol=1e-5, atol=1e-6)


def test_a_layer_with_its_own_call_is_left_alone():
    class Own(layers.BatchNormalization):
        def call(self, x, training=None, mask=None):
            return x + 1.0

    _, faster = twins(Own)
    assert "call" not in vars(faster.layers[1])


def test_a_network_is_made_faster_once_and_saved_as_plain_keras(tmp_path):
    _, faster = twins(LAYERS["leaky"])
    call = faster.layers[1].call
    make_layers_faster(faster)
    assert faster.layers[1].call is call
    faster.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    assert type(loaded.layers[1]) is layers.LeakyReLU
    assert "call" not in vars(loaded.layers[1])


def test_fused_adam_takes_the_steps_of_keras():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 4)
    steps = []
    for change in (lambda adam: None, make_adam_faster):
        adam = keras.optimizers.Adam(schedule, beta_1=0.5, clipnorm=1.0)
        variable = keras.Variable([1.0, -2.0])
        adam.build([variable])
        change(adam)
        for scale in (1.0, 3.0, 0.2):
            adam.apply([tf.constant([0.3, -scale])], [variable])
        steps.append(np.array(variable))
    np.testing.assert_allclose(*steps, rtol=1e-5)


def test_adam_with_a_formula_of_its_own_is_left_alone():
    for adam in (
        keras.optimizers.Adam(amsgrad=True),
        keras.optimizers.AdamW(),
        kgan.optimizers.OptimisticAdam(),
    ):
        make_adam_faster(adam)
        assert "update_step" not in vars(adam)
