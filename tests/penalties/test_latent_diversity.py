import numpy as np
import tensorflow as tf

from kgan.penalties import LatentDiversity


def test_change_of_a_linear_generator():
    # G(z) = (3 z, 3 z): the mean squared change of a value is 9 σ².
    z = tf.zeros([20000, 1])
    value = LatentDiversity(stddev=0.5)(
        None, z, z, generator=lambda z: tf.concat([3 * z, 3 * z], 1), z=z
    )
    assert abs(np.mean(value) / -2.25 - 1) < 0.05
