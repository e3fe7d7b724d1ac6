import keras
import numpy as np
import pytest
from keras import layers
from small_generators import dcgan, trained

from kgan_export.network.batch_normalization import fold_batch_normalization


def count(model):
    return sum(isinstance(x, layers.BatchNormalization) for x in model.layers)


def fold(inputs, outputs):
    """The model, folded; checks that both give the same values on random inputs."""
    model = trained(keras.Model(inputs, outputs))
    folded = fold_batch_normalization(model)
    x = np.random.default_rng(1).normal(size=(5, *model.inputs[0].shape[1:]))
    expected = model(x.astype("float32"), training=False)
    np.testing.assert_allclose(folded(x.astype("float32")), expected, atol=2e-5)
    return folded


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize(
    "shape, make",
    [
        ([6], lambda **kw: layers.Dense(8, **kw)),
        ([9, 3], lambda **kw: layers.Conv1D(4, 3, **kw)),
        ([6, 5, 3], lambda **kw: layers.Conv2D(4, 3, **kw)),
        ([4, 5, 4, 2], lambda **kw: layers.Conv3D(4, 3, **kw)),
        ([4, 3], lambda **kw: layers.Conv1DTranspose(5, 4, 2, **kw)),
        ([4, 5, 3], lambda **kw: layers.Conv2DTranspose(5, 4, 2, **kw)),
        ([3, 4, 3, 2], lambda **kw: layers.Conv3DTranspose(5, 4, 2, **kw)),
    ],
    ids=["dense", "conv1", "conv2", "conv3", "conv1t", "conv2t", "conv3t"],
)
def test_it_folds_into_each_linear_layer(shape, make, use_bias):
    x = keras.Input(shape)
    folded = fold(x, layers.BatchNormalization()(make(use_bias=use_bias)(x)))
    assert count(folded) == 0
    assert len(folded.layers) == 2


def test_kernel_and_bias_are_the_hand_computed_ones():
    """gamma 3, beta 1, mean 2, variance 4: y = 3 (2x + 5 - 2) / 2 + 1 = 3x + 5.5."""
    x = keras.Input([1])
    normalization = layers.BatchNormalization(epsilon=0.0)
    dense = layers.Dense(1)
    model = keras.Model(x, normalization(dense(x)))
    dense.set_weights([np.array([[2.0]]), np.array([5.0])])
    normalization.set_weights([np.array([v]) for v in (3.0, 1.0, 2.0, 4.0)])
    kernel, bias = fold_batch_normalization(model).layers[-1].get_weights()
    assert kernel.item() == 3.0
    assert bias.item() == 5.5


@pytest.mark.parametrize(
    "center, scale", [(True, False), (False, True), (False, False)]
)
def test_missing_gamma_or_beta(center, scale):
    x = keras.Input([6])
    y = layers.BatchNormalization(center=center, scale=scale)(layers.Dense(4)(x))
    assert count(fold(x, y)) == 0


def test_it_folds_through_a_reshape():
    x = keras.Input([6])
    y = layers.Reshape((2, 3, 4))(layers.Dense(24)(x))
    assert count(fold(x, layers.BatchNormalization()(y))) == 0


def test_it_stays_after_a_reshape_that_mixes_channels():
    x = keras.Input([3, 6])
    y = layers.Reshape((12,))(layers.Dense(4)(x))
    assert count(fold(x, layers.BatchNormalization()(y))) == 1


def test_it_stays_after_an_activation():
    x = keras.Input([6])
    y = layers.BatchNormalization()(layers.Dense(4, activation="relu")(x))
    y = layers.BatchNormalization()(layers.LeakyReLU()(y))
    assert count(fold(x, y)) == 2


def test_it_stays_at_the_input():
    x = keras.Input([6])
    assert count(fold(x, layers.BatchNormalization()(x))) == 1


def test_it_stays_on_another_axis():
    x = keras.Input([4, 6])
    assert count(fold(x, layers.BatchNormalization(axis=1)(layers.Dense(5)(x)))) == 1


def test_it_stays_where_the_linear_output_is_used_twice():
    x = keras.Input([6])
    y = layers.Dense(6)(x)
    assert count(fold(x, layers.add([layers.BatchNormalization()(y), y]))) == 1


def test_it_stays_where_the_linear_output_is_the_model_s():
    x = keras.Input([6])
    y = layers.Dense(6)(x)
    model = trained(keras.Model(x, [y, layers.BatchNormalization()(y)]))
    assert count(fold_batch_normalization(model)) == 1


def test_it_stays_after_a_shared_layer():
    x = keras.Input([6])
    dense = layers.Dense(6)
    y = layers.BatchNormalization()(dense(layers.ReLU()(dense(x))))
    assert count(fold(x, y)) == 1


def test_a_subclass_with_other_mathematics_stays():
    class Own(layers.BatchNormalization):
        def call(self, inputs, training=None, mask=None):
            return super().call(inputs, training, mask) + 1.0

    x = keras.Input([6])
    assert count(fold(x, Own()(layers.Dense(6)(x)))) == 1


def test_the_original_keeps_its_layers_and_weights():
    model = dcgan()
    before = model.get_weights()
    fold_batch_normalization(model)
    assert count(model) == 2
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_keras_operations_between_layers_survive():
    x = keras.Input([6])
    y = layers.BatchNormalization()(layers.Dense(6)(x))
    y = keras.ops.tanh(2.0 * y + x)
    assert count(fold(x, y)) == 0
