import numpy as np
import tensorflow as tf

from kgan.penalties import R1


def test_half_the_squared_gradient_at_real_samples():
    # D(x) = x₀² + 3 x₁ has the gradient (2 x₀, 3): ½(4 x₀² + 9).
    real = np.array([[1.0, 5.0], [-2.0, 0.0]], "float32")
    value = R1()(lambda x: x[:, :1] ** 2 + 3 * x[:, 1:], real, real + 100)
    np.testing.assert_allclose(value, [6.5, 12.5])


def test_zero_gradient_has_a_finite_second_derivative():
    weight = tf.Variable([[0.0], [0.0]])
    with tf.GradientTape() as tape:
        value = R1()(lambda x: x @ weight, tf.ones([3, 2]), tf.ones([3, 2]))
    np.testing.assert_array_equal(tape.gradient(value, weight), [[0.0], [0.0]])
