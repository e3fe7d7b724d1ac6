import numpy as np
import pytest
from PIL import Image

import kgan.data
from kgan.data import embedded_sets
from kgan.data.loading import absolute, has_split

has_debian = embedded_sets._fashion_debian("test") is not None


def test_digits():
    train, test = kgan.data.read("digits"), kgan.data.read("digits", "test")
    assert (len(train), len(test), train.shape) == (1500, 297, (8, 8, 1))
    assert (train.num_classes, train.class_names) == (10, tuple("0123456789"))
    # The first row of scikit-learn's first digit: 0 0 5 13 9 1 0 0 of 16.
    assert train.x[0, 0, :, 0].tolist() == [0, 0, 80, 207, 143, 16, 0, 0]
    assert train.y[:10].tolist() == list(range(10))
    assert "CC BY 4.0" in train.licence


def test_embedded_fashion_mnist():
    train = kgan.data.read("fashion_mnist:embedded")
    test = kgan.data.read("fashion_mnist:embedded", "test")
    assert (len(train), len(test), train.shape) == (9000, 1000, (28, 28, 1))
    assert train.x.dtype == np.uint8
    # The first labels of the official splits.
    assert train.y[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert test.y[:10].tolist() == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
    assert train.class_names[9] == "Ankle boot"
    assert train.licence == "MIT, Zalando SE"


@pytest.mark.skipif(not has_debian, reason="dataset-fashion-mnist is not installed")
@pytest.mark.parametrize("split, count", [("train", 60_000), ("test", 10_000)])
def test_embedded_images_are_the_first_of_the_whole_set(split, count):
    whole = kgan.data.read("fashion_mnist", split)
    part = kgan.data.read("fashion_mnist:embedded", split)
    assert len(whole) == count
    np.testing.assert_array_equal(part.x, whole.x[: len(part)])
    np.testing.assert_array_equal(part.y, whole.y[: len(part)])


def test_fashion_mnist_falls_back_to_the_embedded_images(monkeypatch, tmp_path):
    monkeypatch.setattr(embedded_sets, "_FASHION_DEBIAN", tmp_path)
    monkeypatch.setattr(embedded_sets, "_fashion_tfds", lambda split: None)
    assert len(kgan.data.read("fashion_mnist")) == 9000


def test_named_sets_are_resized():
    samples = kgan.data.read("digits", image_shape=(16, 16, 3))
    assert (samples.shape, samples.x.dtype) == ((16, 16, 3), np.uint8)
    want = Image.fromarray(kgan.data.read("digits").x[5, ..., 0])
    want = np.asarray(want.resize((16, 16), Image.Resampling.LANCZOS))
    np.testing.assert_array_equal(samples.x[5, ..., 1], want)


def test_load_reads_and_batches():
    data = kgan.data.load("digits", batch_size=50, shuffle=False)
    x, y = next(iter(data))
    assert x.shape == (50, 8, 8, 1)
    assert y.numpy()[:10].tolist() == list(range(10))
    np.testing.assert_allclose(x[0, 0, 2], [80 / 127.5 - 1], rtol=1e-6)
    assert len(data) == 30
    assert kgan.data.load("digits", labels=False).element_spec.shape == (64, 8, 8, 1)


def test_arrays(tmp_path):
    x, y = np.zeros((6, 4, 4, 1), "uint8"), np.arange(6)
    assert kgan.data.read(x).y is None
    assert kgan.data.read((x, y)).num_classes == 6
    assert kgan.data.read((x, y), labels=False).y is None
    with pytest.raises(ValueError, match='only split="train"'):
        kgan.data.read(x, "test")


def test_npz(tmp_path):
    x, y = np.arange(6 * 16, dtype="uint8").reshape(6, 4, 4), np.arange(6)
    np.savez(tmp_path / "keras.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
    np.savez_compressed(tmp_path / "plain.npz", x=x / 255.0)
    np.savez(tmp_path / "single.npz", x)
    keras_ = kgan.data.read(tmp_path / "keras.npz")
    assert (len(keras_), keras_.num_classes, keras_.name) == (6, 6, "keras")
    assert kgan.data.read(str(tmp_path / "keras.npz"), "test").y.tolist() == [0, 1]
    plain = kgan.data.read(tmp_path / "plain.npz").x
    np.testing.assert_allclose(plain[..., 0], x / 127.5 - 1, atol=1e-6)
    assert kgan.data.read(tmp_path / "single.npz").shape == (4, 4, 1)
    with pytest.raises(ValueError, match=r"`x_test`.*\n.*arrays=\['x'\]"):
        kgan.data.read(tmp_path / "plain.npz", "test")
    with pytest.raises(ValueError, match="asked `image_shape`"):
        kgan.data.read(tmp_path / "plain.npz", image_shape=(8, 8, 1))


@pytest.mark.parametrize("source", ["fashion-mnist", "no/such/folder", "a.npz"])
def test_unknown_source_lists_the_known(source):
    with pytest.raises(ValueError, match="digits, fashion_mnist, .*tfds:NAME"):
        kgan.data.read(source)


@pytest.mark.parametrize("source", ["digits", "fashion_mnist"])
def test_unknown_split(source):
    with pytest.raises(ValueError, match="must be one of train, test"):
        kgan.data.read(source, "validation")


def test_has_split(tmp_path):
    assert has_split("digits", "test") and not has_split("digits", "validation")
    (tmp_path / "train").mkdir()
    assert has_split(str(tmp_path), "train") and not has_split(str(tmp_path), "test")
    (tmp_path / "test").mkdir()
    assert has_split(str(tmp_path), "test")
    path = tmp_path / "a.npz"
    np.savez(path, x_train=np.zeros((2, 3)), x_test=np.zeros((2, 3)))
    assert has_split(str(path), "test") and not has_split(str(path), "other")


def test_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "digits").mkdir()
    assert absolute("photos") == str(tmp_path.resolve() / "photos")
    for source in ("digits", "tfds:mnist", "nothing"):
        assert absolute(source) == source
