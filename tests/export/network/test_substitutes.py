import keras
import numpy as np
import pytest
from keras import layers
from small_generators import trained

from kgan_export.network.clone import clone
from kgan_export.network.substitutes import Lookup, NearestResize, Normalize, substitute


def replaced(inputs, outputs, *values):
    """The layers after substitution, which must not change the outputs."""
    model = trained(keras.Model(inputs, outputs))
    other = clone(model, substitute)
    np.testing.assert_allclose(other(*values), model(*values), atol=1e-5)
    return [type(layer) for layer in other.layers[1:]]


def images(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize("size", [2, (1, 3)])
def test_upsampling_by_repetition_becomes_one_operator(size):
    x = keras.Input([3, 4, 2])
    kinds = replaced(x, layers.UpSampling2D(size)(x), images(2, 3, 4, 2))
    assert kinds == [NearestResize]


def test_a_shared_upsampling_works_at_each_size():
    x = keras.Input([3, 4, 2])
    twice = layers.UpSampling2D()
    assert replaced(x, twice(twice(x)), images(2, 3, 4, 2)) == [NearestResize]


def test_bilinear_upsampling_stays():
    x = keras.Input([3, 4, 2])
    y = layers.UpSampling2D(interpolation="bilinear")(x)
    assert replaced(x, y, images(2, 3, 4, 2)) == [layers.UpSampling2D]


def test_an_embedding_becomes_a_lookup():
    label = keras.Input([], dtype="int64")
    kinds = replaced(label, layers.Embedding(5, 3)(label), np.array([4, 0, 2]))
    assert kinds == [Lookup]


@pytest.mark.parametrize("shape", [(3, 4, 2), (5,)])
@pytest.mark.parametrize("terms", [{}, {"scale": False}, {"center": False}], ids=str)
def test_normalisation_of_images_becomes_one_operator(shape, terms):
    x = keras.Input(shape)
    y = layers.BatchNormalization(**terms)(x)
    assert replaced(x, y, images(2, *shape)) == [Normalize]


def test_layers_of_nested_models_are_replaced():
    h = keras.Input([3, 4, 2])
    inner = keras.Model(h, layers.UpSampling2D()(h))
    x = keras.Input([3, 4, 2])
    other = clone(keras.Model(x, inner(x)), substitute)
    assert type(other.layers[1].layers[1]) is NearestResize
