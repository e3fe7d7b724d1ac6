import numpy as np
import tensorflow as tf

from kgan.penalties import LatentConsistency


def test_change_of_a_linear_game():
    # D(G(z)) = 2·3·z, so the squared change is (6 Δ)², of mean 36 σ².
    z = tf.zeros([20000, 1])
    value = LatentConsistency(stddev=0.5)(
        lambda x: 2 * x, z, 3 * z, generator=lambda z: 3 * z, z=z
    )
    assert abs(np.mean(value) / 9.0 - 1) < 0.05
