import numpy as np
import tensorflow as tf

from kgan.penalties import ZeroCentered


def test_squared_norm_of_a_linear_discriminator():
    x = tf.random.normal([4, 2])
    value = ZeroCentered()(lambda x: x @ [[3.0], [4.0]], x, -x)
    np.testing.assert_allclose(value, [25.0] * 4, rtol=1e-4)
