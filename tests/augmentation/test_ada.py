import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan._core.random import Stream
from kgan.augmentation import ADA
from kgan.augmentation.ada import GROUPS

ALL = ",".join(GROUPS)
SHAPES = [(8, 8, 1), (7, 9, 3), (8, 6, 4), (2, 2, 3)]


def images(shape, count=16):
    return Stream(7).uniform([count, *shape], -1.0, 1.0)


@pytest.mark.parametrize("shape", SHAPES)
def test_at_p_0_nothing_changes_in_any_bit(shape):
    x = images(shape)
    np.testing.assert_array_equal(ADA(ALL)(x, Stream(0), 0), x)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("group", GROUPS)
def test_at_p_1_every_group_changes_images(group, shape):
    x = images(shape)
    made = ADA(group, probability=1.0)(x, Stream(0), 0)
    assert made.shape == x.shape and made.dtype == x.dtype
    assert np.isfinite(made).all()
    changed = np.any(made != x, axis=(1, 2, 3))
    assert changed.mean() > 0.7  # Not all: a flip may be none, a cutout miss 2 x 2.
    np.testing.assert_array_equal(
        made, ADA(group, probability=1.0)(x, Stream(0), 0), "repeats"
    )
    assert np.any(made != ADA(group, probability=1.0)(x, Stream(1), 0))


def test_alpha_moves_but_has_no_color():
    x = images((8, 8, 4))
    x = tf.concat([x[..., :3], x[..., :1]], axis=-1)  # alpha as red
    moved = ADA("blit,geometry", probability=1.0)(x, Stream(0), 0).numpy()
    np.testing.assert_allclose(moved[..., 3], moved[..., 0], atol=1e-5)
    colored = ADA("color", probability=1.0)(x, Stream(0), 0).numpy()
    np.testing.assert_array_equal(colored[..., 3], x[..., 3])
    assert np.any(colored[..., 0] != x[..., 0], axis=(1, 2)).all()


def test_factors_of_p():
    """A group that has the factor ½ is on half as often."""
    x = images((4, 4, 1), 20_000)
    for policy, share in ((("noise"), 0.6), ({"noise": 0.5}, 0.3), ({"noise": 0}, 0)):
        made = ADA(policy, probability=0.6)(x, Stream(0), 0)
        changed = np.mean(np.any(made != x, axis=(1, 2, 3)))
        assert changed == pytest.approx(share, abs=0.015)


def test_gradient_is_that_of_what_was_drawn():
    """The pipe is affine in the image: its Jacobian times a step is the difference."""
    augment = ADA(ALL, probability=0.8)
    x, step = images((6, 6, 3), 8), Stream(1).normal([8, 6, 6, 3])
    weights = Stream(2).normal([8, 6, 6, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = tf.reduce_sum(augment(x, Stream(0), 0) * weights)
    slope = tf.reduce_sum(tape.gradient(value, x) * step)
    other = tf.reduce_sum(augment(x + step, Stream(0), 0) * weights)
    assert abs(slope) > 1
    np.testing.assert_allclose(other - value, slope, rtol=1e-3)


def test_half_precision_stays():
    x = tf.cast(images((8, 8, 3)), tf.float16)
    assert ADA(ALL, probability=1.0)(x, Stream(0), 0).dtype == tf.float16


@pytest.mark.parametrize("policy", [ALL, "noise , cutout", {"blit": 1, "color": 0.5}])
def test_configuration(policy):
    augment = ADA(policy, target=None, images=1000, interval=2, probability=0.25)
    config = keras.saving.serialize_keras_object(augment)
    again = keras.saving.deserialize_keras_object(config)
    assert again.get_config() == augment.get_config()
    x = images((8, 8, 3))
    np.testing.assert_array_equal(again(x, Stream(0), 0), augment(x, Stream(0), 0))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"policy": "blit,colour"}, "blit, geometry, color"),
        ({"policy": ""}, "each once"),
        ({"policy": "blit,blit"}, "each once"),
        ({"policy": {"blit": 2}}, "factors"),
        ({"probability": 1.5}, r"\[0, 1\]"),
        ({"target": 1.0}, "mean of signs"),
        ({"interval": 0}, "positive"),
        ({"images": 0}, "positive"),
    ],
)
def test_mistakes(options, message):
    with pytest.raises(ValueError, match=message):
        ADA(**options)


@pytest.mark.parametrize("shape", [(2,), (8, 8, 2), (1, 8, 3), (4, 4, 4, 3)])
def test_what_is_no_image_is_refused(shape):
    with pytest.raises(ValueError, match="1, 3 or 4 channels"):
        ADA().check(shape)
