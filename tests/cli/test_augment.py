"""`kgan train --flip … --augment …`."""

import json

import keras
import numpy as np
import pytest

from tests.cli.conftest import TRAIN, run

OPTIONS = ("--flip", "x", "--augment", "ada", "--set", "augmentation.images=200")
SHORT = ("--set", "augmentation.policy=noise,cutout", "--save-every", "3")


def train(out, steps, *options):
    result = run(*TRAIN, "--batch-size", 16, "--out", out, "--steps", steps, *options)
    assert result.exit_code == 0, result.output
    return result


def weights(out):
    return keras.models.load_model(out / "model.keras").get_weights()


def test_goes_on_exactly_and_is_reported(tmp_path):
    whole, half = tmp_path / "whole", tmp_path / "half"
    done = train(whole, 12, *OPTIONS, *SHORT)
    assert "images: few" not in done.output
    train(half, 6, *OPTIONS, *SHORT)
    resumed = run("train", "--resume", "--out", half, "--steps", 12, *OPTIONS)
    assert resumed.exit_code == 0, resumed.output
    for first, second in zip(weights(whole), weights(half), strict=True):
        np.testing.assert_array_equal(first, second)
    settings = json.loads((half / "config.json").read_text())["settings"]
    assert settings["flip"] == "x"
    assert settings["augmentation"] == {
        "class_name": "ada",
        "images": 200,
        "policy": "noise,cutout",
    }
    lines = (half / "metrics.jsonl").read_text().splitlines()
    assert all("augment_p" in json.loads(line) for line in lines)
    assert "augmentation" in (half / "report.html").read_text()
    for option, name in (("--flip=y", "flip"), ("--augment=none", "augmentation")):
        refused = run("train", "--resume", "--out", half, "--steps", 15, option)
        assert refused.exit_code and f"  {name}" in refused.output


def test_a_run_of_before_goes_on(tmp_path):
    """Its settings know neither flips nor augmentations."""
    train(tmp_path / "run", 4)
    path = tmp_path / "run/config.json"
    config = json.loads(path.read_text())
    del config["settings"]["flip"], config["settings"]["augmentation"]
    path.write_text(json.dumps(config))
    done = run("train", "--resume", "--out", tmp_path / "run", "--steps", 8)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    "options, message",
    [
        (("--preset", "vae", "--augment", "ada"), "--augment"),
        (("--flip", "z"), "--flip"),
        (("--augment", "adda"), "--augment"),
        (("--set", "augmentation.policy=color"), "--augment=ada"),
        (("--augment", "ada", "--set", "augmentation.policy=colour"), "policy"),
        (("--augment", "diffaugment", "--set", "augmentation.policy=5"), "policy"),
        (("--augment", "ada", "--set", "augmentation.size=5"), "size"),
        (("--augment", "ada", "--set", "loss=wasserstein"), "sign of D"),
        (("--set", "augmentation=ada"), "table"),
    ],
)
def test_mistakes(options, message, tmp_path):
    result = run(*TRAIN, "--out", tmp_path / "run", "--steps", 2, *options)
    assert result.exit_code and "Traceback" not in result.output
    assert message in result.output
    assert not (tmp_path / "run").exists()


def test_two_domains_are_flipped_too(tmp_path):
    small = ("--set", "generator.width=4", "--set", "discriminator.width=4")
    done = run(
        *("train", "--preset", "cogan-small", "--data", "digits", "--flip", "x"),
        *("--evaluate-every", 0, "--steps", 2, "--out", tmp_path / "run", *small),
    )
    assert done.exit_code == 0, done.output
