import numpy as np
import pytest

from kgan.metrics import to_uint8


def test_grid_by_hand():
    x = np.array([-1.0, -0.5, 0.0, 0.25, 0.999, 1.0], np.float32)
    # 127.5 x + 128 = 0.5, 64.25, 128, 159.875, 255.37, 255.5
    assert to_uint8(x).tolist() == [0, 64, 128, 159, 255, 255]


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
