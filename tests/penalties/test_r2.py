import numpy as np

from kgan.penalties import R2


def test_half_the_squared_gradient_at_fake_samples():
    # D(x) = x₀² + 3 x₁ has the gradient (2 x₀, 3): ½(4 x₀² + 9).
    fake = np.array([[1.0, 5.0], [-2.0, 0.0]], "float32")
    value = R2()(lambda x: x[:, :1] ** 2 + 3 * x[:, 1:], fake + 100, fake)
    np.testing.assert_allclose(value, [6.5, 12.5])
