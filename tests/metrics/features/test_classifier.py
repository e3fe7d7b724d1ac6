import random
import warnings

import keras
import numpy as np
import pytest

import kgan
from kgan.metrics import Classifier, frechet_distance


def split(digits, count=1500):
    images, labels = digits
    return images[:count], labels[:count], images[count:], labels[count:]


def test_learns_digits(digits, digits_classifier):
    _, _, images, labels = split(digits)
    assert digits_classifier.accuracy >= 0.97
    assert digits_classifier.num_classes == 10
    predicted = digits_classifier.predict(images)
    assert predicted.dtype == np.int64
    assert np.mean(predicted == labels) == digits_classifier.accuracy


def test_features_of_uint8_and_float_images_are_equal(digits, digits_classifier):
    images = digits[0][:600]
    features = digits_classifier.features(images)
    assert features.shape == (600, 64) and features.dtype == np.float32
    as_float = images / np.float32(127.5) - 1
    assert np.array_equal(digits_classifier.features(as_float), features)


def test_training_repeats_and_leaves_global_randomness_alone(digits, digits_classifier):
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
        again = Classifier.for_data(*split(digits), cache=False)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert again.hash == digits_classifier.hash
    assert next(found) == expected


def embedded():
    train, test = (
        kgan.data.read("fashion_mnist:embedded", s) for s in ("train", "test")
    )
    return (train.x, train.y, test.x, test.y), test


def test_embedded_images_have_a_classifier_that_comes_with_kgan(tmp_path, monkeypatch):
    """After a change of `VERSION` or of the data it must be made anew: train it by
    `Classifier.for_data`, and move what that leaves in the cache to `trained`."""
    monkeypatch.setenv("KGAN_CACHE", str(tmp_path))
    monkeypatch.setattr("kgan.metrics.features.classifier.train", None)
    data, test = embedded()
    classifier = Classifier.for_data(*data)
    assert np.mean(classifier.predict(test.x) == test.y) == classifier.accuracy
    assert classifier.accuracy == pytest.approx(0.894)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_classifier_that_comes_with_kgan_is_what_training_gives():
    """To rounding, which differs by processor, so not bit for bit."""
    data, test = embedded()
    theirs, ours = Classifier.for_data(*data), Classifier.for_data(*data, cache=False)
    assert ours.accuracy == pytest.approx(theirs.accuracy, abs=0.015)
    assert np.mean(ours.predict(test.x) == theirs.predict(test.x)) > 0.93
    distances = [
        frechet_distance(c.features(test.x), c.features(data[0][:1000]))
        for c in (theirs, ours)
    ]
    assert distances[1] == pytest.approx(distances[0], rel=0.5)


def test_cached_classifier_is_the_same(
    digits, digits_classifier, classifier_cache, monkeypatch
):
    monkeypatch.setenv("KGAN_CACHE", str(classifier_cache))
    monkeypatch.setattr(
        "kgan.metrics.features.classifier.train", None
    )  # must not train
    again = Classifier.for_data(*split(digits))
    assert (again.hash, again.accuracy) == (
        digits_classifier.hash,
        digits_classifier.accuracy,
    )


@pytest.fixture(scope="module")
def small_cache(digits, tmp_path_factory):
    """Data, hash and cache file of a classifier of 200 digits."""
    data = split((digits[0][:300], digits[1][:300]), 200)
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGAN_CACHE", str(folder))
        classifier = Classifier.for_data(*data)
    (path,) = folder.iterdir()
    return data, classifier.hash, path


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
    with pytest.warns(UserWarning, match="Training the network anew"):
        assert Classifier.for_data(*data).hash == expected
    assert path.read_bytes() == content  # deterministic, and alone in the folder
    assert list(tmp_path.iterdir()) == [path]


def test_cache_folder_that_cannot_be_written(digits, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KGAN_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="not cached"):
        Classifier.for_data(digits[0][:200], digits[1][:200])


def test_holds_out_images_for_the_accuracy(digits):
    # Labels that say nothing: an honest accuracy is near chance, not near 1.
    labels = np.random.default_rng(0).integers(0, 2, 400)
    classifier = Classifier.for_data(digits[0][:400], labels, cache=False)
    assert classifier.accuracy < 0.8


@pytest.mark.parametrize("shape", [(8, 8, 1), (28, 28, 1), (20, 33, 3), (130, 130, 3)])
def test_other_image_shapes(shape):
    from kgan.metrics.features.small_network import build

    classifier = Classifier(build(shape, 4, seed=0))
    images = np.random.default_rng(0).integers(0, 256, (3, *shape)).astype(np.uint8)
    assert classifier.features(images).shape == (3, 64)
    assert set(classifier.predict(images)) <= set(range(4))


def test_refuses_wrong_images_and_labels(digits, digits_classifier):
    images, labels = digits
    with pytest.raises(ValueError, match=r"\[N, 8, 8, 1\]"):
        digits_classifier.features(images[:, :4])
    with pytest.raises(ValueError, match="one label each"):
        Classifier.for_data(images, labels[:5], images, labels)
    with pytest.raises(ValueError, match="integers from 0"):
        Classifier.for_data(images, labels - 1, images, labels)


@pytest.mark.slow
def test_learns_fashion_mnist():
    from kgan.data import read

    train, test = (
        read("fashion_mnist:embedded", split=split) for split in ("train", "test")
    )
    assert (len(train), len(test)) == (9000, 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classifier = Classifier.for_data(train.x, train.y, test.x, test.y, cache=False)
    assert classifier.accuracy >= 0.88


def test_former_names_are_told():
    with pytest.warns(DeprecationWarning, match="kgan.metrics.Classifier"):
        assert kgan.metrics.Judge is kgan.metrics.Classifier
