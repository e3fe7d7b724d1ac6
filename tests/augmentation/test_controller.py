import math

import pytest
import tensorflow as tf

from kgan.augmentation.controller import Controller


def run(controller, signs, count=50, start=0):
    """Shows a mean sign in each step; returns p after each."""
    seen = []
    for step, sign in enumerate(signs, start):
        # Three of four logits of one sign have the mean sign ½.
        logits = [tf.constant(sign)]
        controller.observe(logits, 0.0, tf.constant(count))
        controller.adjust(tf.constant(step, tf.int64))
        seen.append(float(controller.probability.numpy()))
    return seen


SURE, UNSURE = [[1.0], [2.0], [0.5], [3.0]], [[1.0], [1.0], [1.0], [-1.0]]


def test_p_rises_by_the_images_shown_at_the_end_of_each_interval():
    """Every 4 steps by 4 · 50 / 1000 = 0.2."""
    found = run(Controller(0.0, 0.6, 1000, 4), [SURE] * 12)
    assert found == pytest.approx(
        [0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.4, 0.6]
    )


def test_p_falls_below_the_target_and_stays_at_0():
    """The mean sign ½ of three against one is below 0.6, and above 0.4."""
    found = run(Controller(0.3, 0.6, 1000, 1), [UNSURE] * 8)
    assert found == pytest.approx([0.25, 0.2, 0.15, 0.1, 0.05, 0, 0, 0], abs=1e-6)
    assert run(Controller(0.3, 0.4, 1000, 1), [UNSURE])[0] == pytest.approx(0.35)


def test_p_is_at_most_1():
    assert run(Controller(0.9, 0.6, 100, 1), [SURE] * 3)[-1] == 1.0


def test_the_mean_is_over_the_interval():
    """Means 1, ½ and ½ of equal shares make ⅔, above 0.6; once ½ more make 0.625."""
    controller = Controller(0.0, 0.6, 1000, 3)
    assert run(controller, [SURE, UNSURE, UNSURE])[-1] == pytest.approx(0.15)
    # What was shown before no longer counts.
    assert run(controller, [UNSURE] * 3, start=3)[-1] == pytest.approx(0.0)


def test_exactly_at_the_target_p_stays():
    assert run(Controller(0.3, 0.5, 1000, 1), [UNSURE])[0] == pytest.approx(0.3)


def test_without_a_target_p_stays():
    assert run(Controller(0.25, None, 10, 1), [SURE] * 3) == [0.25] * 3


def test_threshold_and_micro_batches():
    controller = Controller(0.0, 0.6, 100, 1)
    logits = [tf.constant([[0.4], [0.6]]), tf.constant([[0.7], [0.8]])]
    mean = controller.observe(logits, 0.5, tf.constant(4))
    assert float(mean) == pytest.approx((0 + 1) / 2)


def test_nan_leaves_no_trace():
    controller = Controller(0.0, 0.6, 1000, 1)
    run(controller, [[[math.nan]], SURE])
    assert float(controller.probability.numpy()) == pytest.approx(0.05)
