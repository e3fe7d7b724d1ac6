import numpy as np
import tensorflow as tf

from kgan.losses import Minimax, NonSaturating


def test_values_by_hand():
    loss = NonSaturating()
    value = loss.discriminator_loss([[1.0]], [[2.0]])
    np.testing.assert_allclose(value, [0.313262 + 2.126928], rtol=1e-6)
    np.testing.assert_allclose(
        loss.generator_loss([[1.0]], [[2.0]]), [0.126928], rtol=1e-5
    )


def test_gradient_where_the_discriminator_is_sure_of_a_fake():
    # D = sigmoid(-10) = 4.5e-5: |dL/dlogit| is D for minimax, 1 - D here.
    logit = tf.constant([[-10.0]])

    def gradient(loss):
        with tf.GradientTape() as tape:
            tape.watch(logit)
            value = loss.generator_loss([[0.0]], logit)
        return abs(tape.gradient(value, logit).numpy().item())

    assert gradient(NonSaturating()) > 1e4 * gradient(Minimax())
