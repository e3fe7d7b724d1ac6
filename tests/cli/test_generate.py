"""`kgan generate`: one seed, one set of images, whatever they come from."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

N = 13


def images(folder):
    files = sorted(folder.glob("*.png"))
    return [file.name for file in files], [
        np.asarray(Image.open(file), np.int64) for file in files
    ]


@pytest.fixture(scope="module")
def reference(exported, tmp_path_factory, kgan_run):
    folder = tmp_path_factory.mktemp("reference")
    result = kgan_run("generate", exported["run"], "-n", N, "-o", folder, "--seed", 5)
    assert result.exit_code == 0, result.output
    return images(folder)


@pytest.mark.parametrize("kind", ["keras", "onnx", "nchw", "saved_model"])
def test_every_source_gives_the_same_images(
    kind, exported, reference, kgan_run, tmp_path
):
    """Within one grey level: the libraries round a float32 sum differently."""
    source = exported[kind]
    result = kgan_run("generate", source, "-n", N, "-o", tmp_path, "--seed", 5)
    assert result.exit_code == 0, result.output
    names, pixels = images(tmp_path)
    assert names == reference[0]
    np.testing.assert_allclose(pixels, reference[1], atol=1)


def test_file_names_tell_the_class(reference):
    assert reference[0][0] == "0000-0-0.png"
    assert reference[0][12] == "0012-2-2.png"


def test_seeds_differ(exported, reference, kgan_run, tmp_path):
    kgan_run("generate", exported["onnx"], "-n", N, "-o", tmp_path, "--seed", 6)
    assert np.abs(np.subtract(images(tmp_path)[1], reference[1])).max() > 1


def test_grid(exported, kgan_run, tmp_path):
    path = tmp_path / "new" / "grid.png"
    options = ("-n", 6, "--columns", 3, "-o", path)
    result = kgan_run("generate", exported["onnx"], *options)
    assert result.exit_code == 0, result.output
    assert Image.open(path).size == (24, 16)


def test_labels_by_number_or_name_in_turn(exported, kgan_run, tmp_path):
    options = ("-n", 3, "--labels", "7,2", "-o", tmp_path)
    result = kgan_run("generate", exported["onnx"], *options)
    assert result.exit_code == 0, result.output
    names, _ = images(tmp_path)
    assert names == ["0000-7-7.png", "0001-2-2.png", "0002-7-7.png"]


def test_onnx_needs_no_tensorflow(exported, tmp_path):
    code = (
        "import sys; from kgan.cli import main\n"
        "try: main()\n"
        "finally: assert not {'tensorflow', 'keras', 'PIL'} & set(sys.modules)"
    )
    arguments = ["generate", exported["onnx"], "-o", tmp_path / "grid.png"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "grid.png").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--labels", "10"], "one of the classes 0, 1, 2"),
        (["--labels", "cat"], "Received: label='cat'"),
        (["--labels", "-1"], "Received: label='-1'"),
        (["-o", "grid.jpg"], ".png file or a folder"),
        (["-o", "folder", "--columns", "3"], "width of a grid"),
        (["-n", "0"], "Invalid value"),
        (["--truncation", "2"], "Invalid value"),
    ],
)
def test_mistakes(options, message, exported, kgan_run):
    result = kgan_run("generate", exported["onnx"], *options)
    assert result.exit_code != 0
    assert message in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["a.keras", "a.onnx", "a.txt", "folder", "missing"])
def test_wrong_sources(name, kgan_run, tmp_path):
    source = tmp_path / name
    if name == "folder":
        source.mkdir()
        (source / "saved_model.pb").write_bytes(b"no protobuf")
    elif name != "missing":
        source.write_bytes(b"nothing of use")
    result = kgan_run("generate", source, "-o", tmp_path / "grid.png")
    assert result.exit_code == 1
    assert str(source) in result.stderr
    assert not (tmp_path / "grid.png").exists()


@pytest.mark.parametrize("option", ["-n", "--steps"])
def test_tables_are_bounded(option, kgan_run, tmp_path):
    """Before anything is read: no list of as many positions is made."""
    result = kgan_run("latent", "interpolate", tmp_path, option, 10**12)
    assert result.exit_code == 2 and "1000000000000" in result.stderr
