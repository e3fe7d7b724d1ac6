import numpy as np
import tensorflow as tf

from kgan.penalties import PathLength


def test_length_of_an_isotropic_generator():
    # G(z) = 2 z, reshaped: ‖J(z)ᵀy‖² = 4 ‖y‖²/(H·W), of mean 4·C for C channels.
    z = tf.zeros([5000, 16])
    generate = lambda z: tf.reshape(2 * z, [-1, 2, 4, 2])  # noqa: E731
    value = PathLength(decay=1.0)(None, z, generate(z), generator=generate, z=z)
    assert abs(np.mean(value) / 8.0 - 1) < 0.05
