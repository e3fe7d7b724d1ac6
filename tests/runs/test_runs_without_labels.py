"""A run of images without labels is scored as others are."""

import json
import shutil

import numpy as np
import pytest

import kgan
from kgan import runs
from kgan.runs.folder import RunFolder
from kgan.runs.report.page import rewrite_report

SMALL = {"batch_size": 16, "generator": {"width": 16}, "discriminator": {"width": 16}}


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    path = tmp_path_factory.mktemp("unlabelled")
    np.savez(path / "digits.npz", x=kgan.data.read("digits").x[:100])
    return path / "digits.npz"


@pytest.fixture(scope="module")
def run(unlabelled):
    out = unlabelled.parent / "run"
    return runs.train("mlp", unlabelled, out, steps=60, evaluate_every=30, **SMALL)


def test_it_has_scores_and_their_scale(run):
    assert run.config["features"] == "self-supervised"
    scores = run.scores
    assert scores["step"] == 60 and scores["extractor"] == "self-supervised"
    assert "classifier_accuracy" not in scores and "agreement" not in scores
    low, high = scores["fd_interval"]
    assert low <= scores["fd"] <= high
    scale = json.loads((run.path / "scale.json").read_text())
    assert scale["real"]["fd"] < scores["fd"] < scale["untrained"]["fd"]
    assert run.outcome.untrained == scale["untrained"]


def test_it_has_a_best_checkpoint_curves_and_a_report(run):
    best = json.loads((run.path / "checkpoints" / "best.json").read_text())
    assert best["step"] in (30, 60)
    page = run.report.read_text()
    for text in ("coverage", "Real images have", "most similar training images"):
        assert text in page
    assert (run.path / "nearest.png").exists()


def test_it_is_evaluated_with_its_own_features(run):
    again = run.evaluate(num_samples=200)
    assert again["features"] == run.scores["features"]
    assert {"fd", "precision", "recall", "density", "coverage"} == set(again["real"])
    assert 0 <= again["real"]["coverage"] <= 1


def test_a_resumed_run_goes_on_with_its_features_and_its_scale(run, tmp_path):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    scale = (copy / "scale.json").read_text()
    again = runs.resume(copy, steps=70)
    assert again.scores["features"] == run.scores["features"]
    assert (copy / "scale.json").read_text() == scale
    with pytest.raises(ValueError, match="features: 'self-supervised' -> 'classifier'"):
        runs.resume(copy, steps=80, features="classifier")


def test_labelled_data_can_be_scored_without_labels(tmp_path):
    run = runs.train(
        "mlp", "digits", tmp_path / "a", steps=2, features="self-supervised", **SMALL
    )
    assert run.scores["extractor"] == "self-supervised"
    assert "agreement" not in run.scores


def test_too_few_images_are_not_scored(tmp_path):
    lines = []
    x = np.zeros((9, 8, 8, 1), np.uint8)
    run = runs.train("mlp", x, tmp_path / "a", steps=2, say=lines.append, **SMALL)
    assert (
        run.scores == {} and "9 images are too few to score samples against." in lines
    )


def test_ten_images_have_no_scale_of_their_neighbors(tmp_path):
    """Halves of five have no fifth neighbour, of which coverage and others are made."""
    x = np.random.default_rng(0).integers(0, 256, (10, 8, 8, 1)).astype(np.uint8)
    run = runs.train("mlp", x, tmp_path / "a", steps=2, **SMALL)
    assert "coverage" in run.scores and set(run.outcome.scale["real"]) == {"fd"}
    assert "Real images have" in run.report.read_text()


def test_a_report_of_an_earlier_version_is_made_anew(run, tmp_path):
    """It knew the untrained generator of a quickstart, or none."""
    copy = runs.open(shutil.copytree(run.path, tmp_path / "copy"))
    known = json.loads((copy.path / "report.json").read_text())
    del known["scale"]
    (copy.path / "report.json").write_text(json.dumps({**known, "untrained": None}))
    rewrite_report(RunFolder(copy.path), copy.config, copy.model)
    page = copy.report.read_text()
    assert "Fréchet distance" in page and "untrained generator" not in page
