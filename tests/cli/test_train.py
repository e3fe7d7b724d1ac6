"""`kgan train`: the run folder, and going on with it."""

import json
import resource
import shutil

import numpy as np
import pytest
from PIL import Image

import kgan

STEPS = 6
HALF = 3


def test_run_folder_is_complete(trained):
    folder, facts = trained
    config = json.loads((folder / "config.json").read_text())
    assert config["preset"] == "mlp" and config["data"] == "digits"
    assert config["class_names"] == [str(digit) for digit in range(10)]
    assert config["settings"]["discriminator_steps"] == 2
    assert (folder / f"checkpoints/step_{STEPS:06}.keras").exists()
    assert (folder / "samples/animation.gif").exists()
    assert (folder / "curves.png").exists()
    assert list((folder / "tensorboard").rglob("events*"))
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["step"] == STEPS
    assert facts["steps"] == STEPS and not facts["interrupted"]
    assert int(kgan.load_model(facts["model"]).step.numpy()) == STEPS


def test_report_needs_no_other_file(trained):
    folder, facts = trained
    page = (folder / "report.html").read_text()
    assert facts["report"] == str(folder / "report.html")
    assert "http" not in page and page.count("data:image/") > 10
    assert "500 samples" in page and "kgan.load_model" in page


def test_resumed_run_equals_an_uninterrupted_one(trained, kgan_run, tmp_path):
    """Two discriminator steps a step, so that the data's position counts both."""
    folder, _ = trained
    half = tmp_path / "half"
    config = json.loads((folder / "config.json").read_text())
    settings = config["settings"]
    command = ("--preset", "mlp", "--data", "digits", "--evaluate-every", 0)
    command += ("--batch-size", settings["batch_size"], "--set=discriminator_steps=2")
    first = kgan_run("train", *command, "--out", half, "--steps", HALF)
    assert first.exit_code == 0, first.output
    second = kgan_run("train", "--resume", "--out", half, "--steps", STEPS)
    assert second.exit_code == 0, second.output
    whole, resumed = (kgan.load_model(path / "model.keras") for path in (folder, half))
    assert int(resumed.step.numpy()) == STEPS
    for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_resume_with_the_same_options_is_welcome(trained, kgan_run, tmp_path):
    folder = shutil.copytree(trained[0], tmp_path / "copy")
    options = ("--preset=mlp", "--data=digits", "--batch-size=16", "--seed=0")
    result = kgan_run("train", "--resume", "--out", folder, *options)
    assert result.exit_code == 0, result.output


def test_resume_refuses_changes(trained, kgan_run):
    options = ("--batch-size=8", "--set=generator_optimizer.beta_1=0.9")
    options += ("--data=fashion_mnist", "--unconditional")
    result = kgan_run("train", "--resume", "--out", trained[0], *options)
    assert result.exit_code == 1
    for line in (
        "batch_size: 16 -> 8",
        "generator_optimizer.beta_1: 0.5 -> 0.9",
        "data: 'digits' -> 'fashion_mnist'",
        "num_classes: 10 -> None",
    ):
        assert line in result.stderr


def test_new_run_refuses_a_used_folder(trained, kgan_run, tmp_path):
    options = ("train", "--preset=mlp", "--data=digits", "--out")
    result = kgan_run(*options, trained[0])
    assert result.exit_code == 1 and "--resume" in result.stderr
    (tmp_path / "letter.txt").touch()
    result = kgan_run(*options, tmp_path)
    assert result.exit_code == 1 and "empty folder" in result.stderr


def test_explosion_is_one_message_and_keeps_the_run(kgan_run, tmp_path):
    options = ("--preset=mlp", "--data=digits", "--steps=200", "--evaluate-every=0")
    rates = [f"--set={player}_optimizer.learning_rate=1e9" for player in PLAYERS]
    result = kgan_run("train", *options, *rates, "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert "training stopped at step" in result.stderr
    assert not (tmp_path / "run/model.keras").exists()


@pytest.mark.slow
def test_explosion_rolls_back_with_lower_rates(kgan_run, tmp_path):
    """The checkpoint of step 1 is beyond help: R1 explodes in step 2 at any rate."""
    options = ("--preset=mlp", "--data=digits", "--steps=200", "--evaluate-every=0")
    rates = [f"--set={player}_optimizer.learning_rate=0.25" for player in PLAYERS]
    options += (*rates, "--batch-size=16", "--save-every=1", "--on-nan=rollback")
    result = kgan_run("train", *options, "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert "lower learning rates: {'generator': 0.125" in result.stderr
    assert result.stderr.count("Going on from") == 3


PLAYERS = ("generator", "discriminator")


@pytest.mark.slow
def test_full_disk_is_one_message_and_keeps_the_run(kgan_run, tmp_path):
    """A limit of the size of files, below that of a checkpoint, stands for the disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    options = ("--preset=mlp", "--data=digits", "--steps=2", "--evaluate-every=0")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        result = kgan_run("train", *options, "--out", tmp_path / "run")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result.exit_code == 1 and "could not be written" in result.stderr
    assert f"kgan train --resume --out {tmp_path / 'run'}" in result.stderr
    assert not list((tmp_path / "run").rglob(".*"))


@pytest.mark.slow
def test_override_allows_the_harmless(trained, kgan_run, tmp_path):
    folder = shutil.copytree(trained[0], tmp_path / "copy")
    steps = STEPS + 2
    resume = ("train", "--resume", "--out", folder, f"--steps={steps}")
    rate = "--set=generator_optimizer.learning_rate=0.001"
    changes = (rate, "--accumulate=2")
    refused = kgan_run(*resume, *changes)
    assert refused.exit_code == 1 and "Add --override" in refused.stderr
    assert "generator_optimizer.learning_rate: 0.0002 -> 0.001" in refused.stderr
    refused = kgan_run(*resume, *changes, "--override", "--precision=mixed_bfloat16")
    assert refused.exit_code == 1
    assert "precision: 'float32' -> 'mixed_bfloat16'" in refused.stderr
    assert "learning_rate" not in refused.stderr
    result = kgan_run(*resume, *changes, "--override")
    assert result.exit_code == 0, result.output
    gan = kgan.load_model(folder / "model.keras")
    assert int(gan.step.numpy()) == steps
    assert int(gan.generator_optimizer.iterations.numpy()) == steps
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(1e-3)
    assert float(gan.discriminator_optimizer.learning_rate) == pytest.approx(2e-4)
    assert gan.gradient_accumulation_steps == 2
    settings = json.loads((folder / "config.json").read_text())["settings"]
    assert settings["generator_optimizer"]["beta_1"] == 0.5


def test_resume_refuses_other_data_of_the_same_size(trained, kgan_run, tmp_path):
    folder = shutil.copytree(trained[0], tmp_path / "copy")
    config = json.loads((folder / "config.json").read_text())
    config["data_crc32"] += 1
    (folder / "config.json").write_text(json.dumps(config))
    result = kgan_run("train", "--resume", "--out", folder)
    assert result.exit_code == 1 and "data_crc32" in result.stderr


@pytest.mark.slow
def test_scores_of_a_run(kgan_run, tmp_path):
    options = ("--preset=mlp", "--data=digits", "--steps=20", "--evaluate-every=10")
    result = kgan_run("train", *options, "--json", "--out", tmp_path / "run")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert facts["scores"]["classifier_accuracy"] > 0.9
    assert facts["best"]["step"] in (10, 20)
    assert "label agreement" in (tmp_path / "run/report.html").read_text()


def test_longer_cosine_schedule_is_warned_of(kgan_run, tmp_path):
    options = ("--preset=mlp", "--data=digits", "--evaluate-every=0", "--batch-size=8")
    options += ("--set=decay=cosine", "--set=discriminator_steps.0=2", "--steps=2")
    options += ("--set=discriminator_steps.1=1", "--out", tmp_path / "run")
    result = kgan_run("train", *options)
    assert result.exit_code == 0, result.output
    for steps, warned in ((2, False), (3, True)):
        result = kgan_run(
            "train", "--resume", f"--steps={steps}", "--out", tmp_path / "run"
        )
        assert result.exit_code == 0, result.output
        assert ("have fallen over 2 steps" in result.stderr) == warned


def test_resume_from_another_working_directory(kgan_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("data.npz", x=np.zeros((64, 8, 8, 1), "uint8"))
    options = ("--preset=mlp", "--batch-size=8", "--steps=1", "--out", tmp_path / "run")
    result = kgan_run("train", "--data=data.npz", *options)
    assert result.exit_code == 0, result.output
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    result = kgan_run("train", "--resume", "--data=../data.npz", *options)
    assert result.exit_code == 0, result.output


def test_source_of_a_run_that_is_not_finished(trained, kgan_run, tmp_path):
    names = [str(digit) for digit in range(10)]
    folder = shutil.copytree(trained[0], tmp_path / "copy")
    (folder / "model.keras").unlink()
    checkpoint = f"step_{STEPS:06}.keras"
    said = []
    assert kgan.runs.open_generator(folder, say=said.append).class_names == names
    assert f"taking {checkpoint}" in said[-1]
    path = folder / "checkpoints" / checkpoint
    assert kgan.runs.open_generator(path).class_names == names
    result = kgan_run("generate", folder, "-n", 1, "-o", tmp_path / "one.png")
    assert f"taking {checkpoint}" in result.stderr


def test_the_line_that_says_what_was_read(kgan_run, tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / "in" / name).mkdir(parents=True)
        for i in range(20):
            image = Image.new("L", (8, 8), 10 * i)
            image.save(tmp_path / "in" / name / f"{i}.png")
    image.save(tmp_path / "in/dog/moving.gif")
    options = ("--preset=mlp", "--evaluate-every=0", "--steps=1", "--batch-size=8")
    done = kgan_run("train", *options, "--data", tmp_path / "in", "-o", tmp_path / "r")
    assert done.exit_code == 0, done.output
    line = "40 images 8×8×1 in 2 classes: cat 20, dog 20; left out: 1 .gif."
    assert f"Read in: {line}" in done.output


def test_the_range_of_values_is_said_and_kept(kgan_run, tmp_path):
    """Masks of 0 and 1 within [0, 2]: the rule would take them for [0, 1]."""
    x = np.random.default_rng(0).integers(0, 2, (32, 8, 8, 1)).astype("float32")
    np.savez(tmp_path / "masks.npz", x=x)
    options = ("--preset=mlp", "--batch-size=8", "--data", tmp_path / "masks.npz")
    folder = ("-o", tmp_path / "run")
    done = kgan_run("train", *options, *folder, "--steps=1", "--value-range", 0, 2)
    assert done.exit_code == 0, done.output
    config = json.loads((tmp_path / "run/config.json").read_text())
    assert config["value_range"] == [0.0, 2.0]
    again = kgan_run("train", "--resume", *folder, "--steps=2")
    assert again.exit_code == 0, again.output
    other = kgan_run("train", "--resume", *folder, "--value-range", 0, 1)
    assert other.exit_code == 1 and "value_range: [0.0, 2.0]" in other.output
    digits = kgan_run("train", "--preset=mlp", "--data=digits", "--value-range", 0, 1)
    assert digits.exit_code == 1 and "Only arrays and `.npz`" in digits.output


def test_a_range_of_numpy_numbers_is_kept(tmp_path):
    x = np.random.default_rng(0).uniform(0, 2, (32, 8, 8, 1)).astype("float32")
    options = {"steps": 1, "batch_size": 8, "value_range": (np.float32(0), x.max())}
    run = kgan.runs.train("mlp", x, tmp_path / "a", progress=False, **options)
    assert run.config["value_range"] == [0.0, float(x.max())]
    options["value_range"] = "auto"
    run = kgan.runs.train("mlp", x / 2, tmp_path / "b", progress=False, **options)
    assert "value_range" not in run.config
    for wrong in (3, "0 1", (1, 0)):
        options["value_range"] = wrong
        with pytest.raises(ValueError, match="two numbers, the lower first"):
            kgan.runs.train("mlp", x, tmp_path / "c", progress=False, **options)
