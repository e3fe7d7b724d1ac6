import numpy as np

from kgan.losses import Hinge


def test_values_by_hand():
    real, fake = [[2.0], [0.5]], [[-2.0], [0.0]]
    np.testing.assert_allclose(Hinge().discriminator_loss(real, fake), [0.0, 1.5])
    np.testing.assert_allclose(Hinge().generator_loss(real, fake), [2.0, 0.0])
