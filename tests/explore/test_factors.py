"""Generators are made of known factors, which must be found again."""

import keras
import numpy as np
import pytest
from keras import layers

import kgan
from kgan.explore import factors

DIRECTIONS = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0].T
STRENGTHS = np.array([5.0, 3.0, 2.0, 0.5])
UNITS = np.linalg.qr(np.random.default_rng(1).normal(size=(12, 12)))[0][:4]
# A step along row i of DIRECTIONS changes the 12 units by STRENGTHS[i].
KERNEL = DIRECTIONS.T @ np.diag(STRENGTHS) @ UNITS


def assert_found(generator, kernel=KERNEL):
    directions, strengths = factors(generator)
    expected, values, _ = np.linalg.svd(kernel, full_matrices=False)
    np.testing.assert_allclose(strengths, values, rtol=1e-4)
    cosines = np.abs(np.sum(directions * expected.T, axis=1))
    np.testing.assert_allclose(cosines, 1.0, atol=1e-4)
    assert (np.max(directions, axis=1) == np.max(np.abs(directions), axis=1)).all()


def dense(x, kernel=KERNEL, **options):
    layer = layers.Dense(kernel.shape[1], **options)
    x = layer(x)
    layer.kernel.assign(kernel)
    return x


def test_known_factors_through_an_activation():
    z = keras.Input([4])
    generator = keras.Model(z, layers.Dense(3, "tanh")(dense(z, activation="relu")))
    directions, strengths = factors(generator, count=2)
    assert directions.shape == (2, 4) and directions.dtype == "float32"
    np.testing.assert_allclose(strengths, STRENGTHS[:2], rtol=1e-5)
    np.testing.assert_allclose(
        np.abs(directions @ DIRECTIONS[:2].T), np.eye(2), atol=1e-5
    )


def test_the_code_stands_behind_an_embedded_label():
    z, label = keras.Input([4], name="z"), keras.Input([], dtype="int64", name="label")
    x = layers.Concatenate()([layers.Embedding(3, 2)(label), z])
    other = np.full([2, 12], 9.0)
    x = dense(x, np.concatenate([other, KERNEL]))
    assert_found(keras.Model([z, label], x))


def test_convolution_of_the_reshaped_code():
    z = keras.Input([4], name="z")
    layer = layers.Conv2DTranspose(3, 2)
    x = layer(layers.Reshape([1, 1, 4])(z))
    layer.kernel.assign(KERNEL.reshape(4, 2, 2, 3).transpose(1, 2, 3, 0))
    assert_found(keras.Model(z, layers.ReLU()(x)))


def test_batch_normalisation_is_part_of_the_affine_map():
    z = keras.Input([4], name="z")
    normalization = layers.BatchNormalization(epsilon=0.0)
    x = layers.ReLU()(normalization(layers.Reshape([4, 3])(dense(z))))
    generator = keras.Model(z, x)
    gamma, variance = np.array([1.0, -2.0, 3.0]), np.array([4.0, 1.0, 9.0])
    normalization.set_weights([gamma, np.ones(3), np.ones(3), variance])
    assert_found(generator, KERNEL * np.tile(gamma / np.sqrt(variance), 4))


def test_several_layers_that_read_the_code():
    z = keras.Input([4], name="z")
    x = layers.Concatenate()([dense(z, KERNEL[:, :5]), dense(z, KERNEL[:, 5:])])
    assert_found(keras.Model(z, layers.ReLU()(x)))


@pytest.mark.parametrize("family", [kgan.networks.dcgan, kgan.networks.mlp])
@pytest.mark.parametrize("num_classes", [None, 3])
def test_direction_without_effect_is_the_last_of_kgans_networks(family, num_classes):
    generator = family.generator((8, 8, 1), latent_dim=6, num_classes=num_classes)
    kernel = next(x for x in generator.layers if hasattr(x, "kernel")).kernel
    silent = np.ones(6) / 6**0.5
    rows = kernel.numpy()
    rows[:6] -= np.outer(silent, silent @ rows[:6])
    kernel.assign(rows)
    directions, strengths = factors(generator)
    assert (np.diff(strengths) <= 0).all() and strengths[-1] < 1e-4 * strengths[0]
    np.testing.assert_allclose(directions @ directions.T, np.eye(6), atol=1e-5)
    np.testing.assert_allclose(directions[-1], silent, atol=1e-3)


def test_no_affine_layer():
    z = keras.Input([4], name="z")
    with pytest.raises(ValueError, match="layer with a kernel"):
        factors(keras.Model(z, layers.ReLU()(z)))


def test_normalised_codes_and_equalised_weights():
    """The direction without effect is found behind both."""
    generator = kgan.networks.progressive.generator((8, 8, 1), 4, 4)
    layer = next(x for x in generator.layers if hasattr(x, "kernel"))
    silent = np.array([0.5, 0.5, 0.5, -0.5])
    kernel = layer.weights[0]
    kernel.assign(kernel - np.outer(silent, silent @ kernel.numpy()))
    directions, strengths = factors(generator)
    assert strengths[-1] < 1e-4 * strengths[0]
    np.testing.assert_allclose(directions[-1], silent, atol=1e-3)


def test_codes_are_told_by_name_and_beside_conditions():
    condition, z = keras.Input([2], name="condition"), keras.Input([4], name="z")
    joined = layers.Concatenate()([dense(z), layers.Dense(3)(condition)])
    assert_found(keras.Model([condition, z], layers.Dense(3, "tanh")(joined)))


def test_a_vae_has_the_factors_of_its_decoder():
    vae = kgan.VAE(
        kgan.networks.vae.encoder((8, 8, 1), latent_dim=3, hidden=[4]),
        kgan.networks.vae.decoder((8, 8, 1), latent_dim=3, hidden=[4]),
    )
    for a, b in zip(factors(vae), factors(vae.decoder), strict=True):
        np.testing.assert_array_equal(a, b)
