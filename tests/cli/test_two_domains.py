"""Games in two domains: from the data of both to files that give pairs."""

import json

import numpy as np
import pytest
from PIL import Image

import kgan

TRAIN = ("train", "--preset", "cogan-small", "--data", "digits", "--batch-size", 8)
SMALL = ("--set", "generator.width=4", "--set", "discriminator.units=8")
STEADY = ("--set", "decay=none")  # a schedule would depend on the steps
UNSCORED = ("--evaluate-every", 0)
STEPS = 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--preset", "mlp", "--data-b", "edges"), "Received: --preset='mlp', "),
        (("--preset", "cogan", "--data-b", "edge"), "Received: --data-b='edge'"),
        (("--preset", "cogan", "--set", "balanced=true"), "Received: balanced=True"),
    ],
)
def test_mistakes(options, message, kgan_run, tmp_path):
    command = ("train", "--data", "digits", "--out", tmp_path / "run")
    result = kgan_run(*command, *options)
    assert result.exit_code == 1 and message in result.stderr
    assert not (tmp_path / "run").exists()


@pytest.fixture(scope="module")
def pairs_run(kgan_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pairs") / "run"
    result = kgan_run(
        *TRAIN, *SMALL, *STEADY, *UNSCORED, "--steps", STEPS, "--out", folder
    )
    assert result.exit_code == 0, result.output
    assert "every other image of digits, inverted" in result.stderr
    return folder


@pytest.mark.slow
def test_run_folder_of_pairs(pairs_run):
    config = json.loads((pairs_run / "config.json").read_text())
    assert config["data_b"] == "inverted" and config["num_samples"] == 1500
    picture = Image.open(pairs_run / f"samples/step_{STEPS:06}.png")
    assert picture.size == (9 * (16 + 2) + 2, 9 * (8 + 2) + 2)  # 80 pairs
    assert "pairs = gan.generate" in (pairs_run / "report.html").read_text()


@pytest.mark.slow
def test_resumed_run_of_pairs_equals_an_uninterrupted_one(
    pairs_run, kgan_run, tmp_path, deterministic
):
    for options in (
        (*TRAIN, *SMALL, *STEADY, *UNSCORED, "--steps", 1),
        ("train", "--resume", "--steps", STEPS),
    ):
        result = kgan_run(*options, "--out", tmp_path / "run")
        assert result.exit_code == 0, result.output
    whole, resumed = (
        kgan.load_model(folder / "model.keras")
        for folder in (pairs_run, tmp_path / "run")
    )
    for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    for options, message in (
        (("--data-b", "edges"), "data_b: 'inverted' -> 'edges'"),
        (("--data", "ring"), "data: 'digits' -> 'ring'"),
    ):
        result = kgan_run("train", "--resume", "--out", pairs_run, *options)
        assert result.exit_code == 1 and message in result.stderr


@pytest.mark.slow
def test_every_form_gives_the_same_pairs(pairs_run, kgan_run, tmp_path):
    from kgan_export import export

    sources = [pairs_run, tmp_path / "g.onnx", tmp_path / "served"]
    export(pairs_run, sources[1], layout="nchw")
    export(pairs_run, sources[2], format="saved_model", static_batch=4)
    made = {tool: [] for tool in ("grid", "files", "latent")}
    for i, source in enumerate(sources):
        outputs = {"grid": tmp_path / f"{i}.png", "files": tmp_path / f"{i}"}
        for output in outputs.values():
            options = ("-n", 6, "--seed", 5, "-o", output)
            result = kgan_run("generate", source, *options)
            assert result.exit_code == 0, result.output
        latent = ("interpolate", source, "-n", 6, "--steps", 2, "--seed", 5)
        result = kgan_run("latent", *latent, "-o", tmp_path / "l.png")
        assert result.exit_code == 0, result.output
        grid, ways = (
            np.asarray(Image.open(path), int)
            for path in (outputs["grid"], tmp_path / "l.png")
        )
        made["grid"].append(grid)
        made["latent"].append(ways)
        paths = [outputs["files"] / f"0004-{name}.png" for name in "ab"]
        made["files"].append([np.asarray(Image.open(path), int) for path in paths])
    for drawn in made.values():
        for other in drawn[1:]:
            np.testing.assert_allclose(other, drawn[0], atol=1)
    # Pair 4 of the grid, two rows of three, and the start of the fifth way.
    pair = np.concatenate(made["files"][0], axis=1)
    np.testing.assert_array_equal(made["grid"][0][8:16, 16:32], pair)
    np.testing.assert_allclose(made["latent"][0][32:40, :16], pair, atol=1)


@pytest.mark.slow
def test_what_takes_no_pairs_says_so(pairs_run, kgan_run):
    digits = ("--data", "digits")
    for command, message in (
        (("evaluate", pairs_run, *digits), "Received: --data-b=None"),
        (("diagnose", pairs_run), "games in one domain"),
        (("latent", "project", pairs_run, "a.png"), "Received: outputs='a, b'"),
    ):
        result = kgan_run(*command)
        assert result.exit_code == 1 and message in result.stderr


@pytest.mark.slow
def test_scores_of_pairs(pairs_run, kgan_run):
    options = ("--data", "digits", "--data-b", "inverted", "-n", 100, "--json", "-")
    result = kgan_run("evaluate", pairs_run, *options)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["fd"] == pytest.approx((found["fd_a"] + found["fd_b"]) / 2)
    assert found["data"] == "digits and digits inverted"
