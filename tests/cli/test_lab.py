"""`kgan lab` lists, plays, draws and judges; a mistake is one message."""

import json

import pytest

NAMES = {
    "animation.gif",
    "config.json",
    "curves.png",
    "final.png",
    "metrics.jsonl",
    "model.keras",
    "scores.json",
}


def test_list(kgan_run):
    assert "swiss-roll" in kgan_run("lab").stdout
    assert "ring" in json.loads(kgan_run("lab", "--json").stdout)


def test_run(kgan_run, tmp_path):
    out = tmp_path / "run"
    options = ("--steps", 4, "--frames", 3, "--set", "updates=simultaneous")
    result = kgan_run("lab", "dirac", "--out", out, *options, "--json")
    assert result.exit_code == 0, result.output
    assert {path.name for path in out.iterdir()} == NAMES
    printed = json.loads(result.stdout)
    assert printed["steps"] == 4 and printed["experiment"] == "dirac"
    scores = json.loads((out / "scores.json").read_text())
    assert scores == {"step": 4, **printed["scores"]}
    config = json.loads((out / "config.json").read_text())
    assert config["updates"] == "simultaneous" and config["steps"] == 4
    again = kgan_run("lab", "dirac", "--out", out)
    assert again.exit_code == 1 and "needs an empty folder" in again.stderr


@pytest.mark.slow
def test_table(kgan_run, tmp_path):
    command = ("lab", "ring", "--out", tmp_path / "run", "--steps", 40, "--frames", 2)
    result = kgan_run(*command, "--set", "generator.width=8")
    assert result.exit_code == 0, result.output
    assert "modes that occur among the samples" in result.stdout
    assert "Trained to step 40" in result.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("rng", "Received: name='rng'"),
        ("ring --steps 0", "Invalid value"),
        ("ring --frames 1", "Invalid value"),
        ("ring --set loss=hinged", "loss='hinged'"),
        ("ring --set target=circle", "target='circle'"),
        ("ring --set target_options.side=3", "target_options"),
        ("ring --set width=3", "width=3"),
        ("ring --set pack=3 --steps 1", "Use a multiple of 3"),
    ],
)
def test_mistakes(options, message, kgan_run, tmp_path):
    out = tmp_path / "run"
    result = kgan_run("lab", *options.split(), "--out", out)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not out.exists()
