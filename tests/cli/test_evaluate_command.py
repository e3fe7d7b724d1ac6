import json

import pytest

import kgan


@pytest.fixture(scope="module")
def scores(exported, kgan_run):
    options = ("--data=digits", "-n", 200, "--json", "-")
    result = kgan_run("evaluate", exported["onnx"], *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_scores_say_what_they_rest_on(scores):
    assert scores["num_samples"] == 200 and scores["num_real"] == 297
    assert scores["classifier_accuracy"] > 0.9
    assert len(scores["features"]) == 12
    assert 0 <= scores["agreement"] <= 1


def test_sources_get_equal_scores(scores, exported, kgan_run, tmp_path):
    file = tmp_path / "scores.json"
    options = ("--data=digits", "-n", 200, "--metrics=fd", "--json", file)
    result = kgan_run("evaluate", exported["run"], *options)
    assert result.exit_code == 0, result.output
    again = json.loads(file.read_text())
    assert again["fd"] == pytest.approx(scores["fd"], rel=1e-3)
    assert "agreement" not in again
    assert "classifier_accuracy" in result.stdout


def test_mistakes(exported, kgan_run):
    wrong = {"--data=nothing": "Received: source='nothing'"}
    wrong["--data=digits --metrics=fid"] = "Received: metric='fid'"
    for options, message in wrong.items():
        result = kgan_run("evaluate", exported["onnx"], *options.split())
        assert result.exit_code == 1 and message in result.stderr


def test_presets(kgan_run):
    result = kgan_run("presets", "--json")
    assert json.loads(result.stdout) == kgan.presets.names()
    for name in kgan.presets.names():
        assert name in kgan_run("presets").stdout
