import math

import numpy as np
import tensorflow as tf

from kgan.losses import Minimax
from kgan.objectives import SemiSupervised


def test_only_labelled_samples_count_and_their_mean_is_the_batchs():
    real = {"class_logits": [[0.0, 0.0], [9.0, 0.0], [math.log(3.0), 0.0], [5.0, 5.0]]}
    value = SemiSupervised().discriminator_loss(real, None, [1, -1, 0, -1])
    expected = [2 * math.log(2), 0.0, 2 * math.log(4 / 3), 0.0]
    np.testing.assert_allclose(value, expected, rtol=1e-6)


def test_a_batch_without_labels_teaches_no_class():
    logits = tf.zeros([3, 2])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = SemiSupervised().discriminator_loss(
            {"class_logits": logits}, None, [-1, -1, -1]
        )
    assert not np.any(value) and not np.any(tape.gradient(value, logits))


def test_with_the_minimax_loss_it_is_the_cross_entropy_of_k_plus_1_classes():
    """Salimans et al. (2016), section 5: l_{K+1} = 0 and D = Z / (Z + 1)."""
    classes = np.array([[0.3, -1.0, 2.0], [0.1, 0.2, -0.4]])
    softmax = np.exp(np.pad(classes, [(0, 0), (0, 1)]))
    softmax /= softmax.sum(axis=1, keepdims=True)
    logit = np.log(np.exp(classes).sum(axis=1, keepdims=True))
    value = Minimax().discriminator_loss(logit[:1], logit[1:])
    expected = -np.log(1 - softmax[0, 3]) - np.log(softmax[1, 3])
    np.testing.assert_allclose(value, [expected], rtol=1e-5)
    supervised = SemiSupervised().discriminator_loss(
        {"class_logits": classes[:1]}, None, [2]
    )
    given_real = softmax[0, 2] / softmax[0, :3].sum()
    np.testing.assert_allclose(supervised, [-np.log(given_real)], rtol=1e-5)
