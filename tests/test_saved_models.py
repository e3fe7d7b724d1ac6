"""The generators in saved_models/ still run and draw what their pictures show."""

import pathlib

import numpy as np
import pytest
from PIL import Image

from kgan._core.images import tile
from kgan_export import Sampler

MODELS = sorted(pathlib.Path(__file__).parents[1].glob("saved_models/*/generator.onnx"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.parent.name)
def test_samples_are_those_of_the_card(path):
    images = Sampler(path).sample(80, seed=0)
    shown = np.asarray(Image.open(path.with_name("samples.png")))
    drawn = np.squeeze(tile(images, 20))
    assert drawn.shape == shown.shape
    assert np.abs(drawn.astype(int) - shown).max() <= 1


def test_there_is_one_and_each_has_a_card():
    assert MODELS
    for path in MODELS:
        assert (path.parent / "README.md").is_file()
        size = sum(file.stat().st_size for file in path.parent.rglob("*"))
        assert size < 10e6
