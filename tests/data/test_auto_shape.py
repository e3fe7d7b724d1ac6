"""The shape that a folder proposes, and pictures with transparency."""

import numpy as np
import pytest
from PIL import Image

import kgan
from kgan.data.auto_shape import propose_shape


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(28, 28)] * 3, (28, 28)),
        ([(48, 32)], (48, 32)),
        ([(30, 30)], (24, 24)),
        ([(100, 100)], (64, 64)),
        ([(3000, 4000)], (48, 64)),
        ([(4000, 3000), (3000, 4000), (4500, 3000)], (64, 48)),
        ([(20, 1000)], (8, 64)),
        ([(5, 5)], (8, 8)),
        ([(37, 50), (35, 44), (40, 47)], (32, 40)),
    ],
)
def test_sizes(sizes, expected):
    headers = [(*size, 3, False) for size in sizes]
    assert propose_shape(headers) == (*expected, 3)


@pytest.mark.parametrize(
    ("channels", "clear", "expected"),
    [
        ([1, 1, 1], [False] * 3, 1),
        ([1, 3, 1], [False] * 3, 3),
        ([3, 3, 3], [True, True, False], 4),
        ([3, 3, 3], [True, False, False], 3),
        ([1, 1, 1], [True] * 3, 2),
    ],
)
def test_channels(channels, clear, expected):
    headers = [(8, 8, c, a) for c, a in zip(channels, clear, strict=True)]
    assert propose_shape(headers) == (8, 8, expected)


def write(folder, *images):
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i}.png")


def test_transparency_is_kept_or_laid_over_white(tmp_path):
    image = np.zeros((8, 8, 4), np.uint8)
    image[:4] = [200, 100, 50, 255]
    write(tmp_path, image, image)
    samples = kgan.data.read(tmp_path, image_shape="auto")
    np.testing.assert_array_equal(samples.x[0], image)
    flat = kgan.data.read(tmp_path)
    assert flat.shape == (8, 8, 3)
    assert (flat.x[0, 4:] == 255).all() and (flat.x[0, :4] == [200, 100, 50]).all()
    grey = kgan.data.read(tmp_path, image_shape=(8, 8, 2))
    assert grey.shape == (8, 8, 2) and (grey.x[0, 4:, :, 1] == 0).all()


def test_what_is_clear_leaves_no_fringe(tmp_path):
    """Below the clear half lies black; shrinking mixes only what is seen."""
    image = np.zeros((16, 16, 4), np.uint8)
    image[:, :7] = 255
    write(tmp_path, image)
    small = kgan.data.read(tmp_path, image_shape=(8, 8, 4)).x[0]
    seen = small[..., 3] > 8
    assert (small[seen][:, :3] >= 240).all() and (small[:, 7, 3] == 0).all()


def test_opaque_pictures_have_full_alpha(tmp_path):
    write(tmp_path, np.full((8, 8, 3), 9, np.uint8))
    assert (kgan.data.read(tmp_path, image_shape=(8, 8, 4)).x[..., 3] == 255).all()


def test_other_sources_have_their_own_shape():
    assert kgan.data.read("digits", image_shape="auto").shape == (8, 8, 1)


def test_different_sizes_name_the_option(tmp_path):
    write(tmp_path, np.zeros((8, 8, 3), np.uint8), np.zeros((9, 8, 3), np.uint8))
    with pytest.raises(ValueError, match='image_shape="auto"'):
        kgan.data.read(tmp_path)
