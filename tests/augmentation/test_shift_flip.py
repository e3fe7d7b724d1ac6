import numpy as np
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation import ShiftFlip

IMAGES = np.random.default_rng(0).normal(size=(64, 6, 6, 2)).astype("float32")


def test_each_sample_is_a_window_of_its_reflected_self():
    shifted = ShiftFlip(shift=2)(tf.constant(IMAGES), Stream(0), 0).numpy()
    padded = np.pad(IMAGES, [(0, 0), (2, 2), (2, 2), (0, 0)], "reflect")
    seen = set()
    for sample, source in zip(shifted, padded, strict=True):
        found = [
            (y, x, flip)
            for y in range(5)
            for x in range(5)
            for flip in (1, -1)
            if np.array_equal(source[y : y + 6, x : x + 6][:, ::flip], sample)
        ]
        assert len(found) == 1
        seen.add(found[0])
    assert len(seen) > 20


def test_no_shift_and_no_flip_change_nothing():
    same = ShiftFlip(shift=0, flip=False)(tf.constant(IMAGES), Stream(0), 0)
    np.testing.assert_array_equal(same, IMAGES)
