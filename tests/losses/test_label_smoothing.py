import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.losses import LabelFlipping, LabelSmoothing, Minimax, RelativisticPairing


@pytest.mark.parametrize("name", ["minimax", "non_saturating", "boundary_seeking"])
def test_values_by_hand(name):
    # 0.9·log(1 + e⁻¹) + 0.1·log(1 + e) = 0.413262 for real, log(1 + e²) for fake.
    value = LabelSmoothing(name).discriminator_loss([[1.0]], [[2.0]])
    np.testing.assert_allclose(value, [0.413262 + 2.126928], rtol=1e-6)


def test_relativistic_losses_smooth_their_margin():
    # 0.8·log(1 + e⁻¹) + 0.2·log(1 + e) at the margin 3 - 2.
    loss = LabelSmoothing(RelativisticPairing(), alpha=0.2)
    value = loss.discriminator_loss([[3.0]], [[2.0]])
    np.testing.assert_allclose(value, [0.313262 + 0.2], rtol=1e-5)
    assert loss.relativistic

    # Means ½ and 0, margins of real 1 and 0, of fake -½ and -½.
    loss = LabelSmoothing("relativistic_average", alpha=0.2)
    value = loss.discriminator_loss([[1.0], [0.0]], [[0.0], [0.0]])
    expected = [0.313262 + 0.474077 + 0.2, 0.693147 + 0.474077]
    np.testing.assert_allclose(value, expected, rtol=1e-5)


def test_best_logit_of_a_real_sample_is_log_9():
    logit = tf.constant([[np.log(9.0)]], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logit)
        value = LabelSmoothing(alpha=0.1).discriminator_loss(logit, [[0.0]])
    np.testing.assert_allclose(tape.gradient(value, logit), [[0.0]], atol=1e-6)


def test_patches_are_averaged():
    # Real patches 0 and 2 add 0.1 of their mean, 1, to the loss.
    real, fake = [[0.0, 2.0]], [[0.0, 0.0]]
    np.testing.assert_allclose(
        LabelSmoothing().discriminator_loss(real, fake),
        Minimax().discriminator_loss(real, fake) + 0.1,
        rtol=1e-6,
    )


def test_generator_loss_stays():
    loss = LabelSmoothing("minimax")
    np.testing.assert_allclose(
        loss.generator_loss([[1.0]], [[2.0]]),
        Minimax().generator_loss([[1.0]], [[2.0]]),
    )
    assert not loss.zero_sum


def test_serialisation_keeps_the_wrapped_loss():
    config = keras.saving.serialize_keras_object(LabelSmoothing("minimax", alpha=0.3))
    loss = keras.saving.deserialize_keras_object(config)
    assert (type(loss.loss), loss.alpha) == (Minimax, 0.3)


@pytest.mark.parametrize("loss", ["hinge", "wasserstein", LabelFlipping()])
def test_other_losses_are_refused(loss):
    with pytest.raises(ValueError, match="must be a logistic loss"):
        LabelSmoothing(loss)


@pytest.mark.parametrize("alpha", [0, -0.1, 0.5])
def test_alpha_out_of_range(alpha):
    with pytest.raises(ValueError, match=f"above 0 .*\nReceived: alpha={alpha}"):
        LabelSmoothing(alpha=alpha)
