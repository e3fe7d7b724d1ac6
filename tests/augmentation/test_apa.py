import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation import APA

REAL, FAKE = tf.ones([10_000, 2, 1]), tf.zeros([10_000, 2, 1])


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_replaces_whole_samples_with_probability_p(probability):
    mixed = APA(probability=probability).replace(REAL, FAKE, Stream(0)).numpy()
    assert np.all(mixed[:, 0] == mixed[:, 1])
    assert np.mean(mixed == 0) == pytest.approx(probability, abs=0.015)


def test_all_parts_of_a_sample_are_replaced_together():
    real, fake = ({"a": x, "z": x[:, :, 0]} for x in (REAL, FAKE))
    mixed = APA(probability=0.5).replace(real, fake, Stream(0))
    np.testing.assert_array_equal(mixed["a"][:, 0, 0], mixed["z"][:, 0])


def test_the_generator_learns_nothing_of_it():
    with tf.GradientTape() as tape:
        tape.watch(FAKE)
        mixed = APA(probability=0.5).replace(REAL, FAKE, Stream(0))
    assert tape.gradient(mixed, FAKE) is None


def test_samples_stay_as_they_are():
    np.testing.assert_array_equal(APA(probability=1.0)(REAL, Stream(0), 0), REAL)
