"""What a player does with its gradients."""

import keras
import numpy as np
import tensorflow as tf

from kgan.models.player import Player


def test_rows_of_an_embedding_that_repeat_count_as_their_sum():
    """Adam's second moment is the square of a gradient, not of its parts.

    A class that comes up twice in a batch has a gradient of two parts, 3 and 1.
    """
    label = keras.Input([], dtype="int64", name="label")
    network = keras.Model(label, keras.layers.Embedding(2, 1)(label))
    player = Player("generator", {"generator": network})
    optimizer = keras.optimizers.Adam(1.0, beta_2=0.75)
    player.set_optimizer(optimizer, "optimizer")
    player.apply([tf.IndexedSlices([[3.0], [1.0]], [0, 0], [2, 1])])
    (_, moment) = (v for v in optimizer.variables if v.shape == (2, 1))
    np.testing.assert_allclose(moment, [[0.25 * (3 + 1) ** 2], [0.0]])
