import numpy as np
import tensorflow as tf

from kgan.penalties import Consistency


def plus_one(samples, random, step):
    return samples + 1.0


def test_squared_change_of_the_logit():
    real, fake = tf.constant([[1.0]]), tf.constant([[3.0]])
    penalty = Consistency(augmentation=plus_one)
    np.testing.assert_allclose(penalty(lambda x: x**2, real, fake), [9.0])
    balanced = Consistency(augmentation=plus_one, balanced=True)
    np.testing.assert_allclose(balanced(lambda x: x**2, real, fake), [9.0 + 49.0])
