import numpy as np
import pytest

import kgan.data
from kgan.data import from_arrays

IMAGES = np.zeros((6, 4, 5, 3), "uint8")


def test_bytes_stay_bytes_and_are_not_copied():
    samples = from_arrays(IMAGES)
    assert samples.x is IMAGES
    assert (len(samples), samples.shape, samples.y) == (6, (4, 5, 3), None)


def test_other_integers_become_bytes():
    samples = from_arrays([[[0, 255], [7, 9]]])
    assert samples.x.dtype == np.uint8
    assert samples.x[..., 0].tolist() == [[[0, 255], [7, 9]]]


@pytest.mark.parametrize(
    "low, middle, high",
    [(-1.0, 0.0, 1.0), (0.0, 0.5, 1.0), (0.0, 127.5, 255.0)],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_float_images_are_scaled_by_their_range(low, middle, high, dtype):
    x = np.array([low, middle, high], dtype).reshape(1, 1, 3, 1)
    samples = from_arrays(x)
    assert samples.x.dtype == np.float32
    np.testing.assert_allclose(samples.x.ravel(), [-1, 0, 1], atol=1e-7)


def test_float32_in_range_is_not_copied():
    x = np.full((2, 4, 4, 1), -0.5, "float32")
    assert from_arrays(x).x is x


def test_explicit_range():
    x = np.array([0, 8, 16], "uint8").reshape(3, 1, 1, 1)
    scaled = from_arrays(x, value_range=(0, 16)).x
    assert scaled.ravel().tolist() == [-1.0, 0.0, 1.0]
    with pytest.raises(ValueError, match=r"\[0, 15\]"):
        from_arrays(x, value_range=(0, 15))


@pytest.mark.parametrize(
    "shape, dtype, result",
    [
        ((5, 2), "float64", (5, 2)),  # points
        ((5, 8, 8), "uint8", (5, 8, 8, 1)),  # grey
        ((5, 8, 8), "float32", (5, 8, 8, 1)),
        ((5, 800, 1), "float32", (5, 800, 1)),  # mono audio
        ((5, 800, 2), "float32", (5, 800, 2)),  # stereo audio
        ((5, 2, 8, 8, 3), "uint8", (5, 2, 8, 8, 3)),  # video
        ((5, 2, 8, 8, 3), "float32", (5, 2, 8, 8, 3)),
    ],
)
def test_kinds_by_rank(shape, dtype, result):
    samples = from_arrays(np.zeros(shape, dtype))
    assert samples.x.shape == result
    assert samples.x.dtype == ("uint8" if dtype == "uint8" else "float32")


def test_points_keep_their_range():
    points = np.array([[-40.0, 3.0], [7.0, 90.0]])
    assert from_arrays(points).x.tolist() == points.tolist()


def test_labels_and_classes():
    samples = from_arrays(IMAGES, [[0], [1], [2], [0], [1], [0]])
    assert (samples.y.tolist(), samples.y.dtype) == ([0, 1, 2, 0, 1, 0], np.int64)
    assert (samples.num_classes, samples.class_names) == (3, None)
    assert from_arrays(IMAGES, np.zeros(6, int), num_classes=7).num_classes == 7
    named = from_arrays(IMAGES, np.zeros(6, int), class_names=["a", "b"])
    assert (named.num_classes, named.class_names) == (2, ("a", "b"))
    assert repr(named) == "<Samples array: 6 of 4×5×3 uint8, 2 classes>"


def test_subset_and_without_labels():
    samples = from_arrays(np.arange(6.0)[:, None], [0, 1, 2, 0, 1, 2])
    part = samples.subset([4, 1])
    assert (part.x.tolist(), part.y.tolist()) == ([[4.0], [1.0]], [1, 1])
    assert part.num_classes == 3
    assert samples.subset(samples.y == 2).x.tolist() == [[2.0], [5.0]]
    bare = samples.without_labels()
    assert (bare.y, bare.num_classes) == (None, None)


@pytest.mark.parametrize(
    "x, message",
    [
        (np.zeros(5), "must have rank"),
        (np.zeros((1, 1, 1, 1, 1, 1)), "must have rank"),
        (np.zeros((0, 8, 8, 1)), "at least one sample"),
        (np.array([["a", "b"]]), "must be numbers"),
        (np.zeros((5, 784), "uint8"), "Reshape flattened images"),
        (np.zeros((5, 3, 8, 8)), "channels-last with 1 to 4 channels"),
        (np.full((5, 8, 8, 1), 256), r"Values must be in \[0, 255\]"),
        (np.full((5, 8, 8, 1), -1), r"Values must be in \[0, 255\]"),
        (np.full((5, 8, 8, 1), 255.5), r"Values must be in \[0, 255\]"),
        (np.full((5, 8, 8, 1), -1.01), r"Values must be in \[-1, 1\]"),
        (np.full((5, 8, 1), 1.01), r"Values must be in \[-1, 1\]"),
        (np.full((5, 2, 8, 8, 1), 9.0), r"Values must be in \[-1, 1\]"),
        (np.arange(10).reshape(10, 1, 1) % 2, "hold only 0 and 1"),
    ],
)
def test_bad_samples(x, message):
    with pytest.raises(ValueError, match=message):
        from_arrays(x)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_named(bad):
    x = np.zeros((9, 4, 4, 1), "float32")
    x[[3, 7], 1, 2] = bad
    with pytest.raises(ValueError, match=r"NaN or infinity at i=\[3, 7\]"):
        from_arrays(x)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"y": [0, 1]}, "one integer a sample"),
        ({"y": np.eye(6)}, "one-hot"),
        ({"y": np.zeros(6)}, "Labels must be integers"),
        ({"y": list("abcabc")}, "np.unique"),
        ({"y": [0, 1, 2, 3, 4, 5], "num_classes": 5}, r"in \[0, 5\)"),
        ({"y": [0, 1, 2, 3, 4, -2]}, r"y.min\(\)=-2"),
        ({"y": [0] * 6, "num_classes": 3, "class_names": "ab"}, "name every class"),
        ({"num_classes": 3}, "need labels"),
        ({"image_shape": (4, 5, 1)}, "asked `image_shape`"),
    ],
)
def test_bad_labels_and_shape(options, message):
    with pytest.raises(ValueError, match=message):
        from_arrays(IMAGES, **options)


def test_other_channel_counts_when_asked_for():
    x = np.zeros((5, 8, 8, 4), "uint8")
    assert kgan.data.from_arrays(x, image_shape=(8, 8, 4)).shape == (8, 8, 4)
