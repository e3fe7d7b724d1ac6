import io

import numpy as np
import pytest
from PIL import Image

from kgan_export.png import encode_png


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
