import math

import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation.affine import (
    blit,
    chained,
    geometry,
    rotation,
    scaling,
    translation,
    warp,
)
from kgan.augmentation.draws import Draws

IMAGES = np.random.default_rng(0).uniform(-1, 1, (4, 8, 8, 3)).astype("float32")
COUNT = 20_000


def of(*values):
    return [tf.fill([len(IMAGES)], float(value)) for value in values]


def moved(map_, images=IMAGES):
    return warp(tf.constant(images), map_).numpy()


def draws(probability=1.0):
    return Draws(Stream(0), COUNT, tf.constant(probability))


def test_flip_quarter_turn_and_whole_shift_are_exact():
    """The map goes from the result to the image: x by -2 moves the image right."""
    np.testing.assert_allclose(moved(scaling(*of(-1, 1))), IMAGES[:, :, ::-1])
    turned = moved(rotation(*of(math.pi / 2)))
    np.testing.assert_allclose(turned, np.rot90(IMAGES, 1, (1, 2)), atol=1e-5)
    shifted = moved(translation(*of(-2, 1)))
    np.testing.assert_allclose(shifted[:, :-1, 2:], IMAGES[:, 1:, :-2], atol=1e-6)


def test_what_lies_beyond_the_border_is_mirrored():
    shifted = moved(translation(*of(-3, 0)))
    np.testing.assert_allclose(shifted[:, :, :3], IMAGES[:, :, 3:0:-1], atol=1e-6)
    around = moved(translation(*of(14, 14)))  # A period of 2 · (8 - 1).
    np.testing.assert_allclose(around, IMAGES, atol=1e-5)


@pytest.mark.parametrize("degrees", [10, 45, 100])
def test_a_smooth_image_is_turned_as_its_formula_is(degrees):
    side = np.arange(32) - 15.5
    x, y = np.meshgrid(side, side)

    def picture(x, y):
        return np.sin(0.3 * x) * np.cos(0.2 * y)

    image = picture(x, y)[np.newaxis, ..., np.newaxis].astype("float32")
    angle = math.radians(degrees)
    turned = moved(rotation(tf.constant([angle], tf.float32)), image)[0, ..., 0]
    sine, cosine = math.sin(angle), math.cos(angle)
    expected = picture(cosine * x - sine * y, sine * x + cosine * y)
    inside = x**2 + y**2 < 12**2
    np.testing.assert_allclose(turned[inside], expected[inside], atol=0.01)


def test_images_that_are_not_square():
    images = IMAGES[:, :5]
    np.testing.assert_allclose(
        moved(scaling(*of(1, -1)), images), images[:, ::-1], atol=1e-6
    )


def test_it_is_linear_and_its_gradient_is_the_transpose():
    """⟨A x, g⟩ = ⟨x, Aᵀ g⟩ for any x and g."""
    map_ = chained([rotation(*of(0.7)), scaling(*of(0.8, 1.3))])
    x, g = (Stream(seed).normal(IMAGES.shape) for seed in (1, 2))
    with tf.GradientTape() as tape:
        tape.watch(x)
        product = tf.reduce_sum(warp(x, map_) * g)
    other = tf.reduce_sum(IMAGES * tape.gradient(product, x))
    np.testing.assert_allclose(
        other, tf.reduce_sum(warp(tf.constant(IMAGES), map_) * g), rtol=1e-4
    )


def test_second_derivative():
    """Of D(x) = ½ w ‖A x‖² the penalty ‖∇D‖² is w² ‖AᵀA x‖²: its slope in w, 2 / w."""
    map_, x = rotation(*of(0.5)), tf.constant(IMAGES)

    @tf.function
    def slope(w):
        with tf.GradientTape() as outer:
            outer.watch(w)
            with tf.GradientTape() as inner:
                inner.watch(x)
                value = 0.5 * w * tf.reduce_sum(warp(x, map_) ** 2)
            penalty = tf.reduce_sum(inner.gradient(value, x) ** 2)
        return penalty, outer.gradient(penalty, w)

    penalty, gradient = slope(tf.constant(3.0))
    assert penalty > 1
    np.testing.assert_allclose(gradient, 2 / 3 * penalty, rtol=1e-4)


def test_blit_draws_what_the_paper_does():
    flip, turn, shift = (map_.numpy() for map_ in blit(draws(), 16, 32))
    assert set(flip[:, 0, 0]) == {1, -1}
    assert np.mean(flip[:, 0, 0] == -1) == pytest.approx(0.5, abs=0.015)
    angles = np.round(np.degrees(np.arctan2(turn[:, 1, 0], turn[:, 0, 0]))) % 360
    values, counts = np.unique(angles, return_counts=True)
    np.testing.assert_array_equal(values, [0, 90, 180, 270])
    np.testing.assert_allclose(counts / COUNT, 0.25, atol=0.015)
    x, y = shift[:, 0, 2], shift[:, 1, 2]
    assert set(x) == set(range(-4, 5)) and set(y) == {-2, -1, 0, 1, 2}
    # ±⅛ of 32 is ±4: whole numbers inside have an eighth, both ends half of it.
    assert np.mean(x == 1) == pytest.approx(1 / 8, abs=0.01)
    assert np.mean(x == 4) == pytest.approx(1 / 16, abs=0.01)


def test_geometry_draws_what_the_paper_does():
    scale, before, stretch, after, shift = (
        map_.numpy() for map_ in geometry(draws(), 16, 32)
    )
    np.testing.assert_array_equal(scale[:, 0, 0], scale[:, 1, 1])
    assert np.std(np.log2(scale[:, 0, 0])) == pytest.approx(0.2, rel=0.03)
    assert np.mean(np.log2(scale[:, 0, 0])) == pytest.approx(0, abs=0.006)
    assert np.std(np.log2(stretch[:, 0, 0])) == pytest.approx(0.2, rel=0.03)
    np.testing.assert_allclose(stretch[:, 0, 0] * stretch[:, 1, 1], 1, rtol=1e-5)
    for turn in (before, after):
        angles = np.arctan2(turn[:, 1, 0], turn[:, 0, 0])
        quarters = np.histogram(angles, np.linspace(-np.pi, np.pi, 5))[0]
        np.testing.assert_allclose(quarters / COUNT, 0.25, atol=0.015)
    assert np.std(shift[:, 0, 2]) == pytest.approx(32 / 8, rel=0.03)
    assert np.std(shift[:, 1, 2]) == pytest.approx(16 / 8, rel=0.03)


def test_each_operation_is_on_with_its_probability():
    """Rotations with 1 - √(1 - p) each, so that one or both are on with p."""
    maps = geometry(draws(0.36), 16, 16)
    on = [np.any(map_.numpy() != np.eye(3), axis=(1, 2)) for map_ in maps]
    shares = [0.36, 0.2, 0.36, 0.2, 0.36]
    np.testing.assert_allclose(np.mean(on, axis=1), shares, atol=0.015)
    assert np.mean(on[1] | on[3]) == pytest.approx(0.36, abs=0.015)
    assert np.mean(on[0] & on[2]) == pytest.approx(0.36**2, abs=0.015)
