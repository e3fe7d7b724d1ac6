import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation.color import color_map, recolor
from kgan.augmentation.draws import Draws

COUNT = 20_000


class Given:
    """Draws that were chosen: what is not named is off."""

    def __init__(self, **values):
        self._values = values

    def normal(self, name, stddev):
        return tf.constant([[self._values.get(name, 0.0)]])

    def uniform(self, name, low, high):
        return self.normal(name, None)

    choice = normal


def colored(color, **values):
    image = tf.constant(color, shape=[1, 1, 1, len(color)])
    return recolor(image, Given(**values)).numpy().ravel()


@pytest.mark.parametrize(
    "values, expected",
    [
        ({"brightness": 0.25}, [0.85, 0.25, 0.55]),
        ({"contrast": 1.0}, [1.2, 0.0, 0.6]),
        ({"luma": 1.0}, [0.0, -0.6, -0.3]),  # The mean 0.3 turns to -0.3.
        ({"saturation": -1.0}, [0.45, 0.15, 0.3]),
        # A third of a turn moves red to green, green to blue, blue to red.
        ({"hue": 2 * np.pi / 3}, [0.3, 0.6, 0.0]),
        # First brightness, then contrast.
        ({"brightness": 0.1, "contrast": 1.0}, [1.4, 0.2, 0.8]),
        # (0.6, 0, 0.3) less twice its mean; then half as far from the mean, -0.3.
        ({"luma": 1.0, "saturation": -1.0}, [-0.15, -0.45, -0.3]),
    ],
)
def test_known_colors(values, expected):
    np.testing.assert_allclose(colored([0.6, 0.0, 0.3], **values), expected, atol=1e-6)


def test_gray_images():
    assert colored([0.5], brightness=0.1) == pytest.approx(0.6)
    assert colored([0.5], contrast=-1.0) == pytest.approx(0.25)
    assert colored([0.5], luma=1.0, brightness=0.25) == pytest.approx(-0.75)
    assert colored([0.5], hue=1.0, saturation=2.0) == 0.5


def test_draws_what_the_paper_does():
    draws = Draws(Stream(0), COUNT, tf.constant(1.0))
    for name, stddev in (("brightness", 0.2), ("contrast", 0.5), ("saturation", 1.0)):
        chosen = Only(draws, name)
        matrix, offset = (x.numpy() for x in color_map(chosen, True))
        gray = matrix.sum(axis=-1)[:, 0]
        if name == "brightness":
            assert np.std(offset[:, 0]) == pytest.approx(stddev, rel=0.03)
        elif name == "contrast":
            assert np.std(np.log2(gray)) == pytest.approx(stddev, rel=0.03)
        else:  # Gray stays, what is at right angles to it grows.
            np.testing.assert_allclose(gray, 1, atol=1e-5)
            growth = matrix[:, 0, 0] - matrix[:, 0, 1]
            assert np.std(np.log2(growth)) == pytest.approx(stddev, rel=0.03)
    luma = color_map(Only(draws, "luma"), True)[0].numpy()
    assert np.mean(luma[:, 0, 0] < 1) == pytest.approx(0.5, abs=0.015)
    hue = color_map(Only(draws, "hue"), True)[0].numpy()
    np.testing.assert_allclose(
        hue @ hue.transpose(0, 2, 1), [np.eye(3)] * COUNT, atol=1e-5
    )
    cosine = (np.trace(hue, axis1=1, axis2=2) - 1) / 2
    assert np.mean(np.abs(cosine) < np.sqrt(0.5)) == pytest.approx(0.5, abs=0.015)


class Only:
    """Draws of which one operation is on."""

    def __init__(self, draws, name):
        self._draws, self._name = draws, name

    def __getattr__(self, kind):
        def draw(name, *options):
            drawn = getattr(self._draws, kind)(name, *options)
            return drawn if name == self._name else 0 * drawn

        return draw
