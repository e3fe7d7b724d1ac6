import numpy as np

from kgan.losses import BoundarySeeking


def test_values_by_hand():
    # log(1 + e⁻¹) = 0.31326 and log(1 + e³) = 3.04859; ½·3² = 4.5.
    loss = BoundarySeeking()
    value = loss.discriminator_loss([[1.0]], [[3.0]])
    np.testing.assert_allclose(value, [0.313262 + 3.048587], rtol=1e-6)
    np.testing.assert_allclose(loss.generator_loss([[1.0]], [[3.0]]), [4.5])


def test_generator_aims_at_the_border_from_both_sides():
    # The paper's form of it: ½(log D - log(1 - D))² with D = 0.9 and 0.1.
    logits = np.log([[0.9 / 0.1], [0.1 / 0.9]])
    expected = 0.5 * np.square(np.log(0.9) - np.log(0.1))
    value = BoundarySeeking().generator_loss(logits, logits)
    np.testing.assert_allclose(value, [expected, expected], rtol=1e-6)
