import numpy as np
import pytest

from kgan.callbacks import image_grid


def test_places_pixels_row_by_row():
    images = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1)
    grid = image_grid(images, columns=2, padding=1)
    w = 255
    assert grid.tolist() == [
        [w, w, w, w, w],
        [w, 0, w, 1, w],
        [w, w, w, w, w],
        [w, 2, w, w, w],
        [w, w, w, w, w],
    ]


def test_colour_floats_and_square_by_default():
    images = np.zeros((5, 4, 6, 3), np.float32)
    grid = image_grid(images)
    assert grid.shape == (2 * 6 + 2, 3 * 8 + 2, 3) and grid.dtype == np.uint8
    assert grid[2, 2].tolist() == [128, 128, 128]


def test_refuses_floats_out_of_range():
    with pytest.raises(ValueError, match=r"\[-1, 1\]"):
        image_grid(np.full((1, 2, 2, 1), 7.0))
