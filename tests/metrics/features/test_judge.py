import random
import warnings

import keras
import numpy as np
import pytest

from kgan.metrics import Judge


def split(digits, count=1500):
    images, labels = digits
    return images[:count], labels[:count], images[count:], labels[count:]


def test_learns_digits(digits, digits_judge):
    _, _, images, labels = split(digits)
    assert digits_judge.accuracy >= 0.97
    assert digits_judge.num_classes == 10
    predicted = digits_judge.predict(images)
    assert predicted.dtype == np.int64
    assert np.mean(predicted == labels) == digits_judge.accuracy


def test_features_of_uint8_and_float_images_are_equal(digits, digits_judge):
    images = digits[0][:600]
    features = digits_judge.features(images)
    assert features.shape == (600, 64) and features.dtype == np.float32
    as_float = images / np.float32(127.5) - 1
    assert np.array_equal(digits_judge.features(as_float), features)


def test_training_repeats_and_leaves_global_randomness_alone(digits, digits_judge):
    def draws():
        keras.utils.set_random_seed(3)
        yield
        yield random.random(), np.random.rand(), float(keras.random.uniform(()))

    expected = draws()
    next(expected)
    expected = next(expected)
    found = draws()
    next(found)
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        again = Judge.for_data(*split(digits), cache=False)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert again.hash == digits_judge.hash
    assert next(found) == expected


def test_cached_judge_is_the_same(digits, digits_judge, judge_cache, monkeypatch):
    monkeypatch.setenv("KGAN_CACHE", str(judge_cache))
    monkeypatch.setattr("kgan.metrics.features.judge._train", None)  # must not train
    again = Judge.for_data(*split(digits))
    assert (again.hash, again.accuracy) == (digits_judge.hash, digits_judge.accuracy)


@pytest.fixture(scope="module")
def small_cache(digits, tmp_path_factory):
    """Data, hash and cache file of a judge of 200 digits."""
    data = split((digits[0][:300], digits[1][:300]), 200)
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGAN_CACHE", str(folder))
        judge = Judge.for_data(*data)
    (path,) = folder.iterdir()
    return data, judge.hash, path


@pytest.mark.parametrize("damage", ["cut", "empty", "one bit"])
def test_damaged_cache_is_trained_anew(damage, small_cache, tmp_path, monkeypatch):
    data, expected, original = small_cache
    content = original.read_bytes()
    damaged = bytearray(content)
    if damage == "one bit":
        damaged[len(damaged) // 2] ^= 1
    else:
        del damaged[len(damaged) // 2 if damage == "cut" else 0 :]
    path = tmp_path / original.name
    path.write_bytes(damaged)
    monkeypatch.setenv("KGAN_CACHE", str(tmp_path))
    with pytest.warns(UserWarning, match="Training the judge anew"):
        assert Judge.for_data(*data).hash == expected
    assert path.read_bytes() == content  # deterministic, and alone in the folder
    assert list(tmp_path.iterdir()) == [path]


def test_cache_folder_that_cannot_be_written(digits, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KGAN_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="not cached"):
        Judge.for_data(digits[0][:200], digits[1][:200])


def test_holds_out_images_for_the_accuracy(digits):
    # Labels that say nothing: an honest accuracy is near chance, not near 1.
    labels = np.random.default_rng(0).integers(0, 2, 400)
    judge = Judge.for_data(digits[0][:400], labels, cache=False)
    assert judge.accuracy < 0.8


@pytest.mark.parametrize("shape", [(8, 8, 1), (28, 28, 1), (20, 33, 3), (130, 130, 3)])
def test_other_image_shapes(shape):
    from kgan.metrics.features.judge import _build

    judge = Judge(_build(shape, 4, seed=0))
    images = np.random.default_rng(0).integers(0, 256, (3, *shape)).astype(np.uint8)
    assert judge.features(images).shape == (3, 64)
    assert set(judge.predict(images)) <= set(range(4))


def test_refuses_wrong_images_and_labels(digits, digits_judge):
    images, labels = digits
    with pytest.raises(ValueError, match=r"\[N, 8, 8, 1\]"):
        digits_judge.features(images[:, :4])
    with pytest.raises(ValueError, match="one label each"):
        Judge.for_data(images, labels[:5], images, labels)
    with pytest.raises(ValueError, match="integers from 0"):
        Judge.for_data(images, labels - 1, images, labels)


@pytest.mark.slow
def test_learns_fashion_mnist():
    from kgan.data import read

    train, test = (
        read("fashion_mnist:embedded", split=split) for split in ("train", "test")
    )
    assert (len(train), len(test)) == (9000, 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge = Judge.for_data(train.x, train.y, test.x, test.y, cache=False)
    assert judge.accuracy >= 0.88
