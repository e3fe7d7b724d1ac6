import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.penalties import GradientPenalty


def test_linear_critic_by_hand():
    # D(x) = 3 x₀ + 4 x₁ has a gradient of norm 5 everywhere: (5 - 1)² = 16.
    weight = tf.constant([[3.0], [4.0]])
    x = tf.random.normal([4, 2])
    value = GradientPenalty()(lambda x: x @ weight, x, -x)
    np.testing.assert_allclose(value, [16.0] * 4, rtol=1e-5)
    value = GradientPenalty(target=0.0)(lambda x: x @ weight, x, -x)
    np.testing.assert_allclose(value, [25.0] * 4, rtol=1e-5)


def test_gradient_is_taken_between_real_and_fake():
    # D(x) = x²/2 has the gradient x, so that the norm is the point itself.
    real, fake = tf.fill([1000, 1], 2.0), tf.fill([1000, 1], 4.0)
    value = GradientPenalty(target=0.0)(
        lambda x: x**2 / 2, real, fake, random=Stream(1)
    )
    points = np.sqrt(value)
    assert 2.0 <= points.min() < 2.05 and 3.95 < points.max() <= 4.0
    assert abs(points.mean() - 3.0) < 0.06


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_finite_at_zero_gradient(target):
    weight = tf.Variable([[0.0], [0.0]])
    with tf.GradientTape() as tape:
        x = tf.ones([3, 2])
        value = GradientPenalty(target=target)(lambda x: x @ weight, x, x)
    assert np.isfinite(tape.gradient(value, weight)).all()


def test_one_sided_leaves_small_gradients_alone():
    x = tf.ones([3, 1])
    penalty = GradientPenalty(one_sided=True)
    np.testing.assert_allclose(penalty(lambda x: 0.5 * x, x, x), [0.0] * 3)
    np.testing.assert_allclose(penalty(lambda x: 3.0 * x, x, x), [4.0] * 3, rtol=1e-5)
