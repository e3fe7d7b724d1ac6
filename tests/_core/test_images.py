import io

import numpy as np
import pytest
from PIL import Image

import kgan
from kgan._core.images import encode_png, grey_levels, image_grid, tile, to_uint8


def test_grey_levels_by_hand():
    x = np.array([-1.0, -0.5, 0.0, 0.25, 0.999, 1.0], np.float32)
    # 127.5 x + 128 = 0.5, 64.25, 128, 159.875, 255.37, 255.5
    assert to_uint8(x).tolist() == [0, 64, 128, 159, 255, 255]
    assert grey_levels([*x, 7.0]).tolist() == [0, 64, 128, 159, 255, 255, 255]


def test_every_8_bit_value_survives_the_round_trip():
    values = np.arange(256, dtype=np.uint8)
    assert np.array_equal(to_uint8(values / np.float32(127.5) - 1), values)
    assert to_uint8(values) is values


@pytest.mark.parametrize(
    "images",
    [np.array([np.nan]), np.array([0.0, 200.0]), np.array([3]), np.array([-np.inf])],
)
def test_refuses_other_ranges_and_types(images):
    with pytest.raises(ValueError, match=r"floating point in \[-1, 1\]"):
        to_uint8(images)


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


@pytest.mark.parametrize(
    "channels, mode", [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")]
)
def test_pillow_reads_what_was_written(channels, mode):
    shape = (5, 7, channels)
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    picture = Image.open(io.BytesIO(encode_png(image)))
    assert picture.mode == mode
    assert picture.size == (7, 5)
    np.testing.assert_array_equal(np.asarray(picture).reshape(shape), image)


def test_a_view_is_written_in_its_own_order():
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)[:, ::-1]
    picture = Image.open(io.BytesIO(encode_png(image)))
    np.testing.assert_array_equal(np.asarray(picture), image)


def test_tiles_touch_and_are_nearly_a_square():
    images = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1)
    assert tile(images, columns=2).tolist() == [[[0], [1]], [[2], [0]]]
    assert tile(np.zeros([10, 2, 3, 1], np.uint8)).shape == (3 * 2, 4 * 3, 1)
    assert tile(np.zeros([2, 2, 3, 1], np.uint8), columns=8).shape == (2, 6, 1)


def test_public_names_are_these_functions():
    assert kgan.metrics.to_uint8 is to_uint8
    assert kgan.callbacks.image_grid is image_grid
