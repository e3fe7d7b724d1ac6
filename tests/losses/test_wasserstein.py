import numpy as np

from kgan.losses import Wasserstein


def test_values_by_hand():
    real, fake = [[3.0], [-1.0]], [[1.0], [0.5]]
    loss = Wasserstein()
    np.testing.assert_allclose(loss.discriminator_loss(real, fake), [-2.0, 1.5])
    np.testing.assert_allclose(loss.generator_loss(real, fake), [2.0, -1.5])
