import numpy as np

from kgan.losses import LeastSquares


def test_values_by_hand():
    real, fake = [[1.0], [0.0]], [[0.0], [2.0]]
    loss = LeastSquares()
    np.testing.assert_allclose(loss.discriminator_loss(real, fake), [0.0, 2.5])
    np.testing.assert_allclose(loss.generator_loss(real, fake), [0.5, 0.5])


def test_pearson_targets():
    # a = -1, b = 1, c = 0: ½(3 - 1)² + ½(2 + 1)² = 6.5 and ½·2² = 2.
    loss = LeastSquares(a=-1.0, b=1.0, c=0.0)
    np.testing.assert_allclose(loss.discriminator_loss([[3.0]], [[2.0]]), [6.5])
    np.testing.assert_allclose(loss.generator_loss([[3.0]], [[2.0]]), [2.0])
