"""Games in two domains: from the data of both to files that give pairs."""

import json

import numpy as np
import pytest
from PIL import Image

import kgan
from kgan import data
from kgan.cli.domains import MADE, Domains, PairEvaluator, read_domains
from kgan.cli.train import default_folder

TRAIN = ("train", "--preset", "cogan-small", "--data", "digits", "--batch-size", 8)
SMALL = ("--set", "generator.width=4", "--set", "discriminator.units=8")
STEADY = ("--set", "decay=none")  # a schedule would depend on the steps
UNSCORED = ("--evaluate-every", 0)
STEPS = 2


def test_no_image_is_in_both_domains():
    train, test = read_domains("digits", "inverted")
    a, b = train.unpaired()
    assert len(a) == len(b) == 750 and len(train) == 1500 and len(test.b) == 297
    digits = data.read("digits").x
    np.testing.assert_array_equal(a.x, digits[0::2])
    np.testing.assert_array_equal(b.x, 255 - digits[1::2])
    assert a.y is None and b.y is None
    assert train.name == "digits and digits inverted"


def test_edges_surround_what_is_bright():
    image = np.zeros((1, 4, 5, 1), "uint8")
    image[0, 0, :2] = 200
    expected = [[0, 0, 200, 0, 0], [200, 200, 200, 0, 0], [0] * 5, [0] * 5]
    np.testing.assert_array_equal(MADE["edges"](image)[0, ..., 0], expected)
    floats = MADE["edges"](image / np.float32(127.5) - 1)
    np.testing.assert_allclose((floats[0, ..., 0] + 1) * 127.5, expected, atol=1e-4)


def test_domains_of_two_data_sets_are_used_whole(tmp_path):
    images = np.zeros((3, 8, 8, 1), "uint8")
    np.savez(tmp_path / "b.npz", x=images)
    train, test = read_domains("digits", str(tmp_path / "b.npz"))
    assert [len(part) for part in train.unpaired()] == [1500, 3]
    assert len(train) == 1503 and train.y is None  # the second has no labels
    assert test.b is None
    np.savez(tmp_path / "b.npz", x=images[:, :7])
    with pytest.raises(ValueError, match="7, 8, 1"):
        read_domains("digits", str(tmp_path / "b.npz"))


def test_licences_of_both_are_told_once():
    one, other = (
        data.from_arrays(np.zeros((1, 2, 2, 1), "uint8"), licence=licence)
        for licence in ("MIT", "CC0")
    )
    assert Domains(one, other, False).licence == "MIT; CC0"
    assert Domains(one, one, True).licence == "MIT"


def test_folders_are_named_after_the_data():
    assert str(default_folder("cogan", "digits")) == "runs/cogan-digits"
    assert str(default_folder("cogan", "digits", "edges")) == "runs/cogan-digits-edges"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--preset", "mlp", "--data-b", "edges"), "Received: preset='mlp', data_b="),
        (("--preset", "cogan", "--data-b", "edge"), "Received: source='edge'"),
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
        (("evaluate", pairs_run, *digits), "Received: data_b=None"),
        (("diagnose", pairs_run), "games in one domain"),
        (("latent", "project", pairs_run, "a.png"), "Received: outputs='a, b'"),
    ):
        result = kgan_run(*command)
        assert result.exit_code == 1 and message in result.stderr


@pytest.mark.slow
def test_pairs_are_scored_by_the_judges_of_both_domains(pairs_run, kgan_run):
    train, test = read_domains("digits", "inverted")
    evaluator = PairEvaluator(train, test)
    real = {"a": test.a.x, "b": test.b.x}
    scores = evaluator.evaluate(lambda n, seed: real)
    assert scores["fd"] == pytest.approx(0, abs=1e-3)
    assert scores["pair_agreement"] > 0.9
    assert scores["num_real"] == scores["num_real_b"] == 297
    real["b"] = np.roll(real["b"], 1, axis=0)
    assert evaluator.score(lambda n, seed: real)["pair_agreement"] < 0.2
    options = ("--data", "digits", "--data-b", "inverted", "-n", 100, "--json", "-")
    result = kgan_run("evaluate", pairs_run, *options)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["fd"] == pytest.approx((found["fd_a"] + found["fd_b"]) / 2)
    assert found["data"] == "digits and digits inverted"
