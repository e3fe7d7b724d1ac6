"""`kgan latent`: tables of images, whose places are known samples."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

SIZE = 8


def table(path):
    """Returns the images of a grid of 8x8 pictures, `[rows, columns, 8, 8]`."""
    pixels = np.asarray(Image.open(path), np.int64)
    rows, columns = pixels.shape[0] // SIZE, pixels.shape[1] // SIZE
    return pixels.reshape(rows, SIZE, columns, SIZE).swapaxes(1, 2)


@pytest.fixture(scope="module")
def draw(exported, kgan_run, tmp_path_factory):
    """Runs a tool and returns the table that it drew."""
    path = tmp_path_factory.mktemp("latent") / "table.png"

    def run(tool, kind, *arguments):
        command = ("latent", tool, exported[kind], *arguments, "-o", path)
        result = kgan_run(*command, "--seed", 5)
        assert result.exit_code == 0, result.output
        return table(path)

    return run


@pytest.fixture(scope="module")
def samples(exported, kgan_run, tmp_path_factory):
    """Samples 0 to 19, their classes in turn, as `kgan generate` draws them."""
    path = tmp_path_factory.mktemp("samples") / "grid.png"
    options = ("-n", 20, "--columns", 20, "--seed", 5, "-o", path)
    assert kgan_run("generate", exported["onnx"], *options).exit_code == 0
    return table(path)[0]


@pytest.mark.parametrize("kind", ["run", "keras", "onnx", "nchw", "saved_model"])
def test_rows_start_at_the_samples(kind, draw, samples):
    drawn = draw("interpolate", kind, "-n", 3, "--steps", 4)
    assert drawn.shape == (3, 4, SIZE, SIZE)
    np.testing.assert_allclose(drawn[:, 0], samples[:3], atol=1)


def test_ends_are_samples_of_the_chosen_class(draw, samples):
    options = ("--from", "3", "--to", "12", "--steps", 3)
    drawn = draw("interpolate", "onnx", *options, "--labels", "2")
    np.testing.assert_allclose(drawn[0, -1], samples[12], atol=1)
    assert np.abs(drawn[0, 0] - samples[3]).max() > 1  # sample 3 is of class 3


def test_arithmetic_shows_terms_and_result(draw, samples):
    drawn = draw("arithmetic", "onnx", "--plus", "4", "--plus", "14", "--minus", "14")
    assert drawn.shape == (1, 4, SIZE, SIZE)
    np.testing.assert_allclose(drawn[0, :2], samples[[4, 14]], atol=1)
    np.testing.assert_allclose(drawn[0, 3], samples[4], atol=1)


def test_truncation_ends_in_one_image_a_class(draw, samples):
    drawn = draw("truncate", "onnx", "-n", 11, "--levels", "1,0.5,0")
    np.testing.assert_allclose(drawn[:, 0], samples[:11], atol=1)
    np.testing.assert_array_equal(drawn[0, 2], drawn[10, 2])
    assert np.abs(drawn[0, 2] - drawn[1, 2]).max() > 1


def test_factors_move_samples_either_way(draw, samples):
    drawn = draw("factors", "run", "-n", 2, "--count", 3, "--steps", 3)
    assert drawn.shape == (6, 3, SIZE, SIZE)
    np.testing.assert_allclose(drawn[:, 1], samples[[0, 1] * 3], atol=1)
    assert np.abs(drawn[:, 0] - drawn[:, 2]).max(axis=(1, 2)).min() > 1


def test_projection_of_samples(draw, samples, tmp_path):
    paths = [tmp_path / f"{i}.png" for i in (3, 7)]
    for path, i in zip(paths, (3, 7), strict=True):
        Image.fromarray(samples[i].astype("uint8")).save(path)
    options = ("--labels", "3,7", "--steps", 100, "--codes", tmp_path / "codes.npy")
    drawn = draw("project", "keras", *paths, *options)
    np.testing.assert_array_equal(drawn[0], samples[[3, 7]])
    assert np.abs(drawn[1] - drawn[0]).mean() < 10
    assert np.load(tmp_path / "codes.npy").shape == (2, 100)


def test_onnx_needs_no_tensorflow(exported, tmp_path):
    code = (
        "import sys; from kgan.cli import main\n"
        "try: main()\n"
        "finally: assert not {'tensorflow', 'keras', 'PIL'} & set(sys.modules)"
    )
    for arguments in (
        ["interpolate"],
        ["arithmetic", "--plus=1"],
        ["truncate"],
        ["project", "--help"],
    ):
        output = tmp_path / f"{arguments[0]}.png"
        command = ["latent", *arguments, exported["onnx"], "-o", output]
        done = subprocess.run(
            [sys.executable, "-c", code, *command], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert output.exists() or "--help" in arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["interpolate", "-o", "a.jpg"], ".png file"),
        (["interpolate", "--from", "1"], "go together"),
        (["interpolate", "--from", "1,2", "--to", "3"], "same shape"),
        (["interpolate", "--from", "a", "--to", "3"], "separated by commas"),
        (["interpolate", "--labels", "10"], "one of the classes 0, 1, 2"),
        (["truncate", "--levels", "2"], "from 0 to 1"),
    ],
)
def test_mistakes(arguments, message, exported, kgan_run):
    tool, *rest = arguments
    result = kgan_run("latent", tool, exported["onnx"], *rest)
    assert result.exit_code != 0
    assert message in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("kind", ["onnx", "saved_model"])
@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["factors"], "weights"), (["project", "a.png"], "gradients")],
)
def test_what_looks_inside_needs_the_keras_model(
    kind, arguments, why, exported, kgan_run
):
    tool, *rest = arguments
    result = kgan_run("latent", tool, exported[kind], *rest)
    assert result.exit_code == 1 and "Traceback" not in result.stderr
    assert f"`{tool}` needs the Keras model" in result.stderr and why in result.stderr


def test_mistakes_of_projection(exported, kgan_run, tmp_path):
    (tmp_path / "no.png").write_bytes(b"no image")
    command = ("latent", "project", exported["keras"], tmp_path / "no.png")
    for arguments, message in (
        ((), "needs --labels"),
        (("--labels", "1"), "must be image files"),
        (("--codes", "a.txt"), ".npy file"),
    ):
        result = kgan_run(*command, *arguments)
        assert result.exit_code != 0 and message in result.stderr
