"""`kgan diagnose`: what it says of a run, and what it adds to the run's report."""

import json
import shutil

import numpy as np
import pytest

DIAGNOSIS = ("-n", 120, "--steps", 4)


@pytest.fixture(scope="module")
def unlabelled(kgan_run, tmp_path_factory):
    """A run of two steps on pictures without labels, interrupted before its end."""
    folder = tmp_path_factory.mktemp("unlabelled")
    rng = np.random.default_rng(0)
    x = {f"x_{split}": rng.integers(256, size=(240, 8, 8, 1)) for split in SPLITS}
    np.savez(folder / "noise.npz", **{k: v.astype("uint8") for k, v in x.items()})
    options = ("--preset=mlp", "--data", folder / "noise.npz", "--batch-size=8")
    result = kgan_run("train", *options, "--steps=2", "--out", folder / "run")
    assert result.exit_code == 0, result.output
    for name in ("model.keras", "report.html", "report.json"):
        (folder / "run" / name).unlink()
    return folder / "run"


SPLITS = ("train", "test")


@pytest.mark.slow
def test_unlabelled_unfinished_run(unlabelled, kgan_run):
    result = kgan_run("diagnose", unlabelled, *DIAGNOSIS, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found == json.loads((unlabelled / "diagnosis.json").read_text())
    assert found["step"] == 2 and found["model"] == "step_000002.keras"
    # Of a network that learned without labels, which knows no classes.
    config = json.loads((unlabelled / "config.json").read_text())
    assert config["features"] == "self-supervised"
    assert len(found["features"]) == 12 and found["class_coverage"] is None
    assert found["memorization"]["copies"] <= 1
    assert found["perturbed_gap"]["gap"] >= 0
    assert found["stable"] is False
    page = (unlabelled / "report.html").read_text()
    why = found["sentence"].partition(":")[2]
    assert "Has the game converged?" in page and f"</strong>{why[:30]}" in page
    plots = {path.name for path in (unlabelled / "diagnosis").iterdir()}
    assert plots == {"logits.png", "value.png", "pairs.png"}
    assert "about" in result.stderr and "seconds" in result.stderr


def test_mistakes(trained, kgan_run, tmp_path):
    result = kgan_run("diagnose", tmp_path)
    assert result.exit_code == 1 and "config.json" in result.stderr
    empty = shutil.copytree(trained[0], tmp_path / "empty")
    shutil.rmtree(empty / "checkpoints")
    (empty / "model.keras").unlink()
    result = kgan_run("diagnose", empty)
    assert result.exit_code == 1 and "must be a model" in result.stderr
    moved = shutil.copytree(trained[0], tmp_path / "moved")
    config = json.loads((moved / "config.json").read_text())
    (moved / "config.json").write_text(json.dumps(config | {"data": "nowhere.npz"}))
    result = kgan_run("diagnose", moved)
    assert result.exit_code == 1 and "Received: source='nowhere.npz'" in result.stderr


@pytest.mark.slow
def test_labelled_run_keeps_what_its_report_said(trained, kgan_run, tmp_path):
    folder = shutil.copytree(trained[0], tmp_path / "run")
    before = (folder / "report.html").read_text()
    result = kgan_run("diagnose", folder, *DIAGNOSIS)
    assert result.exit_code == 0, result.output
    assert "at equilibrium" in result.stdout
    assert "classes that the classifier sees" in result.stdout
    assert (folder / "diagnosis" / "classes.png").exists()
    page = (folder / "report.html").read_text()
    assert "6 steps at" in before and "6 steps at" in page
    assert "Has the game converged?" in page
    assert "Has the game converged?" not in before


@pytest.mark.slow
def test_run_of_packs(kgan_run, tmp_path):
    options = ("--preset=mlp", "--data=digits", "--unconditional", "--set=pack=2")
    options += ("--evaluate-every=0", "--steps=2", "--out", tmp_path / "run")
    result = kgan_run("train", *options)
    assert result.exit_code == 0, result.output
    result = kgan_run("diagnose", tmp_path / "run", *DIAGNOSIS, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["fresh"]["value"] < 0
