import numpy as np

from kgan.layers import PixelNormalization


def test_channels_get_a_mean_square_of_one():
    """(3, 4) has a mean square of 12.5; zeros stay zeros."""
    x = np.array([[[[3.0, 4.0]], [[0.0, 0.0]]]], "float32")
    expected = np.array([[[[3.0, 4.0]], [[0.0, 0.0]]]]) / 12.5**0.5
    np.testing.assert_allclose(PixelNormalization()(x), expected, rtol=1e-6)


def test_large_numbers_in_half_precision():
    layer = PixelNormalization(dtype="float16")
    np.testing.assert_allclose(layer(np.array([[3e3, 4e3]])), [[0.8485, 1.1314]], 1e-3)
