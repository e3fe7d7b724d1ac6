import keras
import numpy as np
import tensorflow as tf

from kgan.optimizers import OptimisticAdam


def test_first_two_updates_by_hand():
    """With constant gradients Adam steps by its rate: w - 2s, then w - 2s + s."""
    weight = keras.Variable([1.0])
    optimizer = OptimisticAdam(0.1, epsilon=1e-12)
    optimizer.apply([tf.constant([3.0])], [weight])
    np.testing.assert_allclose(weight.numpy(), [0.8], rtol=1e-5)
    optimizer.apply([tf.constant([3.0])], [weight])
    np.testing.assert_allclose(weight.numpy(), [0.7], rtol=1e-5)


def distance(optimizer):
    """min over x, max over y of x·y: both players move at once, from (1, 1)."""
    x, y = keras.Variable(1.0), keras.Variable(1.0)
    first, second = optimizer(), optimizer()
    for _ in range(150):
        gradients = tf.convert_to_tensor(y), -tf.convert_to_tensor(x)
        first.apply([gradients[0]], [x])
        second.apply([gradients[1]], [y])
    return float(np.hypot(x.numpy(), y.numpy()))


def test_converges_in_the_bilinear_game_where_adam_does_not():
    options = {"learning_rate": 0.1, "beta_1": 0.0, "beta_2": 0.9999}
    assert distance(lambda: OptimisticAdam(**options)) < 0.3
    assert distance(lambda: keras.optimizers.Adam(**options)) > 1.5


def test_saved_with_its_last_steps():
    weight = keras.Variable([1.0])
    optimizer = OptimisticAdam(0.1)
    optimizer.apply([tf.constant([3.0])], [weight])
    assert len(optimizer.variables) == len(keras.optimizers.Adam().variables) + 3
