import numpy as np
import tensorflow as tf

from kgan._core.random import Stream
from kgan.penalties import DRAGAN


def test_gradient_is_taken_near_real_samples_only():
    # D(x) = x²/2: the norm is the point. Real is ±1, so σ = 1: points in x + [0, ½).
    real = tf.constant([[-1.0], [1.0]] * 500)
    penalty = DRAGAN(target=0.0)
    value = penalty(lambda x: x**2 / 2, real, real + 100.0, random=Stream(0))
    points = np.sqrt(value)
    assert points[1::2].min() >= 1.0 and 1.4 < points[1::2].max() < 1.5
    assert points[0::2].max() <= 1.0 + 1e-6 and 0.5 < points[0::2].min() < 0.6
