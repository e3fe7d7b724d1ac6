import numpy as np

from kgan.losses import Minimax


def test_value_at_the_equilibrium_is_minus_log_4():
    loss = Minimax()
    np.testing.assert_allclose(loss.discriminator_loss([[0.0]], [[0.0]]), [np.log(4)])
    np.testing.assert_allclose(loss.generator_loss([[0.0]], [[0.0]]), [-np.log(4)])


def test_values_by_hand():
    # log(1 + e⁻¹) = 0.31326 and log(1 + e²) = 2.12693.
    loss = Minimax()
    value = loss.discriminator_loss([[1.0]], [[2.0]])
    np.testing.assert_allclose(value, [0.313262 + 2.126928], rtol=1e-6)
