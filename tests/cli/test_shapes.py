"""Pictures of every shape, from a folder through the whole command line."""

import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import kgan_export.cli
from kgan_export import Sampler

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
NARROW = ("--set", "generator.width=8", "--set", "discriminator.width=8")


def pictures(folder, shape, count=16):
    """Writes discs on a clear or plain ground, one file each."""
    folder.mkdir()
    height, width, channels = shape
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:height, :width]
    for i in range(count):
        inside = (
            np.hypot(rows - rng.uniform(height / 3, height / 2), columns - width / 2)
            < 5
        )
        image = np.zeros(shape, np.uint8)
        image[inside] = rng.integers(100, 256, channels)
        if channels in (2, 4):
            image[..., -1] = 255 * inside
        made = Image.fromarray(image[..., 0] if channels == 1 else image)
        assert made.mode == MODES[channels]
        made.save(folder / f"{i}.png")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("preset", "shape"),
    [
        ("dcgan-sn", (48, 32, 3)),
        ("dcgan", (28, 44, 1)),
        ("dcgan-sn", (100, 100, 3)),
        ("dcgan-sn", (32, 32, 4)),
        ("mlp", (12, 20, 2)),
        ("wgan-gp", (24, 32, 4)),
        ("progressive-small", (16, 12, 3)),
        ("vae-convolutional", (16, 24, 4)),
    ],
    ids=str,
)
def test_train_resume_generate_export(preset, shape, kgan_run, tmp_path):
    def run(*words):
        result = kgan_run(*words)
        assert result.exit_code == 0, result.output
        return result

    data, out = pictures(tmp_path / "pictures", shape), tmp_path / "run"
    size = "x".join(map(str, shape))
    narrow = NARROW if preset in ("dcgan", "dcgan-sn", "mlp", "wgan-gp") else ()
    start = ("train", "--preset", preset, "--data", data, "--image-shape", size)
    result = run(*start, "--out", out, "--steps", 2, "--batch-size", 4, *narrow)
    assert "×".join(map(str, shape)) in result.stderr
    run("train", "--resume", "--out", out, "--steps", 3)
    run("generate", out, "-n", 6, "-o", tmp_path / "grid.png")
    height, width, channels = shape
    with Image.open(tmp_path / "grid.png") as grid:
        assert grid.mode == MODES[channels]
        if preset != "progressive-small":  # which makes smaller images at first
            assert grid.size[0] % width == 0 and grid.size[1] % height == 0
    export(out, tmp_path / "g.onnx", "onnx")
    export(out, tmp_path / "saved", "saved_model")
    if "KGAN_NODE_MODULES" in os.environ:
        runtime = Path(os.environ["KGAN_NODE_MODULES"], "onnxruntime-web")
        export(out, tmp_path / "web", "web", "--onnxruntime-web", runtime)
    made = Sampler(tmp_path / "g.onnx").sample(3)
    if preset != "progressive-small":
        assert made.shape == (3, *shape)
    assert made.dtype == np.uint8
    saved = Sampler(tmp_path / "saved").sample(3)
    assert np.abs(made.astype(int) - saved).max() <= 1
    run("evaluate", out, "--data", data, "-n", 16)
    report = (out / "report.html").read_text()
    assert "Fréchet distance" in report and "most similar" in report


def export(run, path, kind, *options):
    words = [run, "--format", kind, "-o", path, *options]
    result = CliRunner().invoke(kgan_export.cli.main, list(map(str, words)))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("shape", "fitting"),
    [((30, 30, 3), "32x32x3"), ((27, 31, 1), "28x32x1")],
)
def test_sizes_that_do_not_fit_are_told_what_does(shape, fitting, kgan_run, tmp_path):
    data = pictures(tmp_path / "pictures", shape)
    out = tmp_path / "run"
    result = kgan_run("train", "--preset", "dcgan", "--data", data, "--out", out)
    assert result.exit_code == 1
    assert "multiples of 4" in result.stderr and fitting in result.stderr
    assert not out.exists()


def test_channels_that_are_none(kgan_run, tmp_path):
    data = pictures(tmp_path / "pictures", (8, 8, 3))
    options = ("--data", data, "--image-shape", "8x8x5", "--out", tmp_path / "run")
    result = kgan_run("train", "--preset", "mlp", *options)
    assert result.exit_code == 1 and "1 to 4 channels" in result.stderr
