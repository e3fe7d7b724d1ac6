import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation.corruptions import band_gains, cut_out, filtered, noisy
from kgan.augmentation.draws import Draws
from kgan.augmentation.wavelets import SYM2, SYM6, bands, doubled


def draws(count, probability=1.0):
    return Draws(Stream(0), count, tf.constant(probability))


@pytest.mark.parametrize("taps", [SYM2, SYM6])
def test_wavelets_are_orthonormal(taps):
    for shift in range(0, len(taps), 2):
        product = np.dot(taps[shift:], taps[: len(taps) - shift])
        assert product == pytest.approx(float(shift == 0), abs=1e-9)
    assert sum(taps) == pytest.approx(np.sqrt(2))


def test_doubled_keeps_pixels_and_lines():
    matrix = doubled(40)
    np.testing.assert_allclose(matrix[::2], np.eye(40), atol=1e-6)
    line = matrix @ np.arange(40.0)
    np.testing.assert_allclose(line[12:-12], np.arange(6, 33.5, 0.5), atol=1e-5)


@pytest.mark.parametrize("size", [4, 28, 65])
def test_bands_add_up_to_the_image(size):
    np.testing.assert_allclose(bands(size).sum(axis=0), np.eye(size), atol=1e-6)


def test_bands_are_octaves():
    """A wave of the frequency in the middle of an octave is in its band alone.

    The sym2 filters overlap, so that "alone" is two thirds and more.
    """
    size = 256
    for band, frequency in ((0, 1 / 64), (1, 3 / 32), (2, 3 / 16), (3, 7 / 16)):
        wave = np.cos(2 * np.pi * frequency * np.arange(size))
        parts = bands(size) @ wave
        shares = np.std(parts[:, 64:-64], axis=1) / np.std(wave)
        assert np.argmax(shares) == band
        assert shares[band] > 0.66


def test_gains_keep_the_power():
    """Of one band with factor 2: 2 and 1, over the root of (10 · 4 + 3) / 13."""

    class Given:
        def normal(self, name, stddev):
            return tf.constant([[1.0 if name == "band 0" else 0.0]])

    root = np.sqrt(43 / 13)
    expected = [[2 / root, 1 / root, 1 / root, 1 / root]]
    np.testing.assert_allclose(band_gains(Given()), expected, rtol=1e-6)
    gains = band_gains(draws(20_000, 0.5)).numpy()
    assert np.mean(np.all(gains == 1, axis=1)) == pytest.approx(0.5**4, abs=0.01)


def test_filter_on_a_constant_image_is_the_gain_of_the_lowest_band():
    images = tf.fill([50, 16, 12, 3], 0.5)
    gains = band_gains(draws(50)).numpy()[:, 0]
    made = filtered(images, draws(50)).numpy()
    expected = np.broadcast_to(0.5 * gains[:, None, None, None] ** 2, made.shape)
    np.testing.assert_allclose(made, expected, rtol=1e-4)


def test_noise_is_half_normally_strong():
    made = noisy(tf.zeros([4000, 10, 10, 1]), draws(4000)).numpy()
    strength = np.sqrt(np.mean(made**2, axis=(1, 2, 3)))
    assert np.mean(strength) == pytest.approx(0.1 * np.sqrt(2 / np.pi), rel=0.05)
    assert np.sqrt(np.mean(strength**2)) == pytest.approx(0.1, rel=0.05)


def test_cutout_is_a_square_of_half_the_size_anywhere():
    """Along an axis the part inside is ½, less 1/16 that lies outside on average."""
    made = cut_out(tf.ones([20_000, 16, 16, 2]), draws(20_000)).numpy()
    rows = np.sum(np.any(made == 0, axis=(2, 3)), axis=1)
    assert rows.max() == 8 and rows.min() == 4
    assert np.mean(made == 0) == pytest.approx((7 / 16) ** 2, rel=0.03)
    on = np.any(cut_out(tf.ones([20_000, 4, 4, 1]), draws(20_000, 0.3)) == 0, (1, 2, 3))
    assert np.mean(on) == pytest.approx(0.3, abs=0.015)
