import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation import InstanceNoise


@pytest.mark.parametrize("step, stddev", [(0, 0.5), (50, 0.25), (100, 0.0), (200, 0.0)])
def test_noise_falls_linearly_to_zero(step, stddev):
    zeros = tf.zeros([1000, 20])
    noise = InstanceNoise(0.5, steps=100)(zeros, Stream(0), tf.constant(step))
    assert np.std(noise) == pytest.approx(stddev, rel=0.03)


def test_constant_noise():
    noise = InstanceNoise(0.5)(tf.zeros([1000, 20]), Stream(0), 10**6)
    assert np.std(noise) == pytest.approx(0.5, rel=0.03)
