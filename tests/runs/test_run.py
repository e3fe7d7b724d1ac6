"""A run that has ended: what it gives from its folder alone."""

import base64
import re
import shutil

import numpy as np
import pytest

import kgan
from kgan import runs
from kgan_export import Sampler

STEPS = 4


@pytest.fixture(scope="module")
def opened(small_run):
    return runs.open(small_run.path)


def test_trained_run_says_how_it_ended(small_run):
    assert small_run.outcome.steps == STEPS and not small_run.interrupted
    assert int(small_run.model.step.numpy()) == STEPS
    assert small_run.scores["step"] == STEPS
    assert small_run.scores["fd"] == small_run.outcome.scores["fd"]


def test_opened_run_is_the_trained_one(small_run, opened):
    assert opened.path == small_run.path and opened.config == small_run.config
    assert opened.scores == small_run.scores
    assert opened.outcome is None and not opened.interrupted
    assert opened.report == small_run.path / "report.html"
    assert repr(opened) == f"<Run {str(small_run.path)!r}: mlp on digits>"


def test_samples_are_those_of_the_model(small_run, opened):
    samples = opened.generate(6, seed=3, labels=2)
    assert samples.shape == (6, 8, 8, 1) and samples.dtype == np.float32
    np.testing.assert_array_equal(samples, small_run.model.generate(6, 2, seed=3))
    loaded = kgan.load_model(opened.path / "model.keras")
    np.testing.assert_array_equal(samples, loaded.generate(6, 2, seed=3))


def test_scores_can_be_repeated(opened):
    again = opened.evaluate(num_samples=1000)
    assert again["fd"] == pytest.approx(opened.scores["fd"], rel=1e-4)
    assert again["data"] == "digits"
    other = opened.evaluate("digits", metrics=["fd"], num_samples=50, seed=1)
    assert "agreement" not in other and other["num_samples"] == 50


def test_export_draws_the_same(opened, tmp_path):
    report = opened.export(tmp_path / "g.onnx")
    assert report.size > 0
    exported = runs.open_generator(tmp_path / "g.onnx")
    assert exported.kind == "onnx" and exported.model is None
    samples = Sampler(tmp_path / "g.onnx").sample(5, seed=1)
    np.testing.assert_array_equal(exported.sample(5, seed=1), samples)
    ours = opened.generator.sample(5, seed=1).astype(int)
    np.testing.assert_allclose(ours, samples, atol=1)


def test_notebook_shows_pictures_and_scores(small_run):
    html = small_run._repr_html_()
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert len(pictures) == 2 and "http" not in html
    last = small_run.path / f"samples/step_{STEPS:06}.png"
    assert base64.b64decode(pictures[0]) == last.read_bytes()
    assert "<td>fd</td>" in html and "mlp on digits" in html


def test_run_that_did_not_end(opened, tmp_path):
    folder = shutil.copytree(opened.path, tmp_path / "run")
    for name in ("model.keras", "report.html", "scores.json", "curves.png"):
        (folder / name).unlink()
    run = runs.open(folder)
    assert run.report is None and run.scores == {}
    assert int(run.model.step.numpy()) == STEPS
    assert run._repr_html_().count("data:image/png") == 1
    shutil.rmtree(folder / "checkpoints")
    shutil.rmtree(folder / "samples")
    with pytest.raises(ValueError, match="must have a model"):
        runs.open(folder).generate(1)
    assert "mlp on digits" in run._repr_html_()


def test_what_is_no_run(tmp_path):
    with pytest.raises(ValueError, match="config.json"):
        runs.open(tmp_path)


def test_run_stands_for_its_path(opened, tmp_path):
    generator = runs.open_generator(opened)
    assert generator.kind == "keras"
    assert generator.class_names == [str(digit) for digit in range(10)]
