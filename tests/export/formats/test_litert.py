import zipfile

import numpy as np
import pytest
import tensorflow as tf
from small_generators import dcgan, trained

import kgan_export
from kgan.latents import latents
from kgan_export.interface.reading import read_metadata


def test_a_tflite_file_gives_the_samples_of_the_onnx_file(tmp_path):
    generator, path = trained(dcgan(3, channels=3)), tmp_path / "g.tflite"
    report = kgan_export.export(generator, path, format="litert")
    assert max(report.float_differences.values()) <= 1e-4
    assert max(report.level_differences.values()) <= 1
    assert report.operators["TRANSPOSE_CONV"] >= 1
    assert "DELEGATE" not in report.operators
    kgan_export.export(generator, tmp_path / "g.onnx")
    sampler = kgan_export.Sampler(tmp_path / "g.onnx")
    interpreter = tf.lite.Interpreter(str(path))
    z, labels = latents("normal", 5, 10, seed=3), np.arange(5) % 3
    found = interpreter.get_signature_runner()(z=z, label=labels)["image"]
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - sampler.generate(z, labels)).max() <= 1


def test_a_tflite_file_tells_what_it_is(tmp_path):
    path = tmp_path / "g.tflite"
    report = kgan_export.export(
        trained(dcgan(None)), path, format="litert", layout="nchw", static_batch=2
    )
    assert read_metadata(path) == report.metadata
    assert zipfile.ZipFile(path).namelist() == ["kgan.json"]
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match="must hold kgan's metadata"):
        read_metadata(path)
