import types

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.penalties import Orthogonal


def test_overlap_of_filters_by_hand():
    layer = keras.layers.Dense(2, use_bias=True)
    sample = keras.Input([2])
    model = keras.Model(sample, layer(sample))
    layer.kernel.assign([[1.0, 2.0], [3.0, 4.0]])  # columns (1, 3), (2, 4): 14
    game = types.SimpleNamespace(
        players={"generator": kgan.Player("generator", {"generator": model})}
    )
    value = Orthogonal()(None, tf.zeros([3, 2]), tf.zeros([3, 2]), game=game)
    np.testing.assert_allclose(value, [2 * 14.0**2] * 3)


def test_unknown_player():
    with pytest.raises(ValueError, match="'discriminator' or 'generator'"):
        Orthogonal(player="critic")
