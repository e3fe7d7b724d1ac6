import json

import pytest
from small_generators import tiny_onnx

from kgan_export import Sampler
from kgan_export.interface.reading import read_metadata


def test_a_folder_without_a_saved_model_is_refused(tmp_path):
    """The folder of a page has metadata, and nothing that a sampler opens."""
    metadata = read_metadata(tiny_onnx(tmp_path / "g.onnx"))
    (tmp_path / "kgan.json").write_text(json.dumps(metadata))
    with pytest.raises(ValueError, match="The folder holds no saved_model.pb"):
        Sampler(tmp_path)


def test_a_folder_without_metadata_is_refused(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match="must hold kgan's metadata"):
        Sampler(tmp_path)


def test_a_broken_saved_model_is_refused(tmp_path):
    metadata = read_metadata(tiny_onnx(tmp_path / "g.onnx"))
    (tmp_path / "assets.extra").mkdir()
    (tmp_path / "assets.extra" / "kgan.json").write_text(json.dumps(metadata))
    (tmp_path / "saved_model.pb").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="SavedModel that TensorFlow can load"):
        Sampler(tmp_path)
