import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation import DiffAugment

COUNT = 4000


def made(policy, x, seed=0):
    return DiffAugment(policy)(tf.constant(x), Stream(seed), 0).numpy()


def test_color_of_a_plain_image():
    """Of a constant gray image brightness alone is left: + U(-½, ½)."""
    x = np.full((COUNT, 2, 2, 3), 0.25, "float32")
    change = made("color", x)[:, 0, 0, 0] - 0.25
    assert -0.5 <= change.min() < -0.49 and 0.49 < change.max() <= 0.5
    assert np.std(change) == pytest.approx(1 / np.sqrt(12), rel=0.03)


def test_saturation_and_contrast():
    """Of a plain color what is off gray is multiplied by U(0, 2) · U(½, 1½)."""
    x = np.tile(np.float32([0.5, 0.0, -0.5]), (COUNT, 3, 3, 1))
    y = made("color", x)[:, 0, 0]
    np.testing.assert_allclose(y[:, 0] + y[:, 2], 2 * y[:, 1], atol=1e-5)
    factor = (y[:, 0] - y[:, 2]) / 1.0
    assert factor.min() >= 0 and factor.max() <= 3
    assert np.mean(factor) == pytest.approx(1, abs=0.04)
    assert np.mean(factor**2) == pytest.approx(4 / 3 * 13 / 12, rel=0.05)


def test_contrast_of_gray_images():
    x = np.tile(np.float32([[0.5], [-0.5]]), (COUNT, 1, 1))[..., np.newaxis]
    y = made("color", x)[:, :, 0, 0]
    factor = y[:, 0] - y[:, 1]
    assert 0.5 <= factor.min() < 0.51 and 1.49 < factor.max() <= 1.5


def test_translation_is_whole_and_leaves_zeros():
    """±⌊28 / 8 + ½⌋ = ±4 rows, ±⌊12 / 8 + ½⌋ = ±2 columns, all alike often."""
    x = np.random.default_rng(0).normal(size=(28, 12, 1)).astype("float32")
    y = made("translation", np.tile(x, (COUNT, 1, 1, 1)))
    padded = np.pad(x, [(4, 4), (2, 2), (0, 0)])
    shares = []
    for row in range(9):
        for column in range(5):
            window = padded[row : row + 28, column : column + 12]
            shares.append(np.mean(np.all(y == window, axis=(1, 2, 3))))
    assert sum(shares) == pytest.approx(1)
    np.testing.assert_allclose(shares, 1 / 45, atol=0.01)


@pytest.mark.parametrize("size", [8, 7])
def test_cutout_is_a_square_of_half_the_size(size):
    """Centers lie on all pixels, and for an even side on the far border too."""
    y = made("cutout", np.ones((COUNT, size, size, 1), "float32"))
    hidden = y[..., 0] == 0
    rows = hidden.any(axis=2)
    lengths, firsts = rows.sum(axis=1), rows.argmax(axis=1)
    half = int(size / 2 + 0.5)
    assert lengths.max() == half
    np.testing.assert_array_equal(
        hidden.sum(axis=(1, 2)), lengths * hidden.any(1).sum(1)
    )
    expected = {
        tuple(np.clip([c - half // 2, c - half // 2 + half], 0, size))
        for c in range(size + 1 - half % 2)
    }
    assert set(zip(firsts, firsts + lengths, strict=True)) == expected


def test_alpha_keeps_its_values_under_color():
    x = np.random.default_rng(0).normal(size=(8, 4, 4, 4)).astype("float32")
    y = made("color", x)
    np.testing.assert_array_equal(y[..., 3], x[..., 3])
    assert np.all(y[..., :3] != x[..., :3])


def test_gradient():
    """It is affine: the slope along a step is the difference."""
    augment = DiffAugment()
    x, step = (Stream(s).normal([8, 8, 8, 3]) for s in (1, 2))
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = tf.reduce_sum(augment(x, Stream(0), 0) * step)
    slope = tf.reduce_sum(tape.gradient(value, x) * step)
    other = tf.reduce_sum(augment(x + step, Stream(0), 0) * step)
    np.testing.assert_allclose(other - value, slope, rtol=1e-4)


def test_configuration_and_mistakes():
    config = keras.saving.serialize_keras_object(DiffAugment("translation,cutout"))
    assert keras.saving.deserialize_keras_object(config).policy == "translation,cutout"
    for policy in ("colour", "", 5, "cutout,cutout"):
        with pytest.raises(ValueError, match="color, translation, cutout"):
            DiffAugment(policy)
