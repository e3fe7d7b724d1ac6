import keras
import numpy as np

from kgan.layers import Maxout


def test_largest_piece_of_each_unit():
    layer = Maxout(2, pieces=2)
    layer.build([None, 1])
    layer.dense.kernel.assign([[1.0, -1.0, 2.0, 0.0]])
    layer.dense.bias.assign([0.0, 0.0, 0.0, 5.0])
    x = np.array([[3.0], [-3.0]])
    np.testing.assert_array_equal(layer(x), [[3.0, 6.0], [3.0, 5.0]])


def test_serialisation_keeps_the_outputs():
    x = keras.Input([3])
    layer = Maxout(4, 3, kernel_initializer="he_normal", kernel_constraint="max_norm")
    model = keras.Model(x, layer(x))
    clone = keras.Model.from_config(model.get_config())
    assert clone.layers[1].dense.kernel_initializer.scale == 2.0
    assert clone.layers[1].dense.kernel_constraint.max_value == 2
    clone.set_weights(model.get_weights())
    sample = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(clone(sample), model(sample))
