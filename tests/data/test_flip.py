import numpy as np
import pytest

from kgan import data
from kgan.data import Samples

# The corners of an image tell how it was flipped, the middle which one it is.
COUNT = 50
IMAGES = np.full((COUNT, 3, 3, 1), -1.0, "float32")
IMAGES[:, 0, 0] = 1.0
IMAGES[:, 1, 1, 0] = np.linspace(-1, 1, COUNT)
SAMPLES = Samples(IMAGES, np.arange(COUNT) % 5)


def read(flip, steps=200, start=0, seed=0, samples=SAMPLES, **options):
    """Returns images and labels of the stream, one after the other."""
    stream = data.batches(
        samples, 10, seed=seed, start=start, repeat=True, flip=flip, **options
    )
    x, y = zip(*stream.take(steps).as_numpy_iterator(), strict=True)
    return np.concatenate(x), np.concatenate(y)


def flips(x):
    """Returns whether each image is flipped in x, and in y."""
    return x[:, :, 2, 0].max(axis=1) == 1, x[:, 2, :, 0].max(axis=1) == 1


@pytest.mark.parametrize("flip", ["none", "x", "y", "xy"])
def test_half_of_the_images_are_flipped_each_way(flip):
    x, y = read(flip)
    plain, labels = read("none")
    np.testing.assert_array_equal(y, labels)
    np.testing.assert_array_equal(x[:, 1, 1], plain[:, 1, 1])
    for name, found in zip("xy", flips(x), strict=True):
        share = 0.5 if name in flip else 0.0
        assert found.mean() == pytest.approx(share, abs=0.04)


def test_the_axes_are_independent_and_so_are_neighbours_and_epochs():
    x, y = flips(read("xy")[0])
    assert np.mean(x == y) == pytest.approx(0.5, abs=0.04)
    for lag in (1, 2, COUNT):
        assert np.mean(x[lag:] == x[:-lag]) == pytest.approx(0.5, abs=0.04)


def test_an_image_is_flipped_anew_in_each_epoch():
    images = read("x", steps=40 * COUNT // 10)[0]
    one = images[images[:, 1, 1, 0] == IMAGES[3, 1, 1, 0]]
    assert len(one) == 40 and 8 < flips(one)[0].sum() < 32


@pytest.mark.parametrize("balanced", [False, True])
def test_goes_on_at_any_position(balanced):
    whole = read("xy", steps=20, balanced=balanced)[0]
    rest = read("xy", steps=12, start=80, balanced=balanced)[0]
    np.testing.assert_array_equal(rest, whole[80:])


def test_another_seed_flips_others():
    x, other = (flips(read("x", seed=seed)[0])[0] for seed in (0, 2**63 - 1))
    assert np.mean(x == other) == pytest.approx(0.5, abs=0.04)


def test_bytes():
    levels = np.array(127.5 * IMAGES + 127.5).astype("uint8")
    x, _ = read("xy", samples=Samples(levels, SAMPLES.y))
    np.testing.assert_allclose(x, read("xy")[0], atol=0.01)


@pytest.mark.parametrize(
    "samples, options, message",
    [
        (SAMPLES, {"flip": "z", "repeat": True}, "none, x, y, xy"),
        (SAMPLES, {"flip": "x"}, "repeat=True"),
        (
            Samples(np.zeros((20, 2), "float32")),
            {"flip": "x", "repeat": True},
            "images",
        ),
    ],
)
def test_mistakes(samples, options, message):
    with pytest.raises(ValueError, match=message):
        data.batches(samples, 10, **options)
