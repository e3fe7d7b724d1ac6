"""`kgan doctor`, with the TensorFlow that is here and with none."""

import json

import pytest

from kgan.runs import doctor


def test_words(kgan_run):
    result = kgan_run("doctor", "--no-time")
    assert result.exit_code == 0, result.output
    for word in ("tensorflow", "onnxruntime", "processor", "devices", "oneDNN"):
        assert f"\n{word} " in result.stdout
    assert result.stderr == ""


def test_without_tensorflow(kgan_run, monkeypatch):
    version = doctor._version
    absent = {*doctor.TRAINING, *doctor.EXPORT}
    monkeypatch.setattr(
        doctor, "_version", lambda p: None if p in absent else version(p)
    )
    result = kgan_run("doctor")
    assert result.exit_code == 0, result.output
    assert "\ntensorflow  missing\n" in result.stdout
    assert 'pip install "kgan[train]"' in result.stdout


@pytest.mark.slow
def test_timing(kgan_run):
    result = kgan_run("doctor", "--json")
    assert "about 20 s" in result.stderr
    found = json.loads(result.stdout)
    assert found["tensorflow"]["images_per_second"] > 0
    assert found["other"]["images_per_second"] > 0
    assert found["other"]["value"] == str(int(not found["tensorflow"]["onednn"]))
