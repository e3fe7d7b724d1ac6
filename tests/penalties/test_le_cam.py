import numpy as np
import tensorflow as tf

from kgan.penalties import LeCam


def test_without_history_the_anchors_are_zero():
    penalty = LeCam(decay=1.0)
    value = penalty(lambda x: 2 * x, tf.constant([[1.0]]), tf.constant([[3.0]]))
    np.testing.assert_allclose(value, [4.0 + 36.0])


def test_anchors_are_moving_averages_of_the_mean_logits():
    penalty = LeCam(decay=0.75)
    real, fake = tf.constant([[1.0], [3.0]]), tf.constant([[-2.0], [-2.0]])
    value = penalty(lambda x: x, real, fake)
    # α_R = ¼·2 = 0.5 and α_F = ¼·(-2) = -0.5
    np.testing.assert_allclose(penalty.state.average.numpy(), [0.5, -0.5])
    np.testing.assert_allclose(value, [1.5**2 + 2.5**2, 3.5**2 + 2.5**2])
