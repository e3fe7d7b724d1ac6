"""What is built can be installed and used; without extras, only to sample."""

import configparser
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"kgan": ROOT / "kgan", "kgan_export": ROOT / "export"}

SAMPLE = """
import sys
import numpy as np
import kgan
import kgan_export

np.save("samples.npy", kgan_export.Sampler("generator.onnx").sample(10, seed=3))
assert "tensorflow" not in sys.modules
"""

TRAIN = """
import importlib.util
import kgan

assert importlib.util.find_spec("tensorflow") is None
for use in (lambda: kgan.GAN, lambda: kgan.losses, lambda: kgan.load_model):
    try:
        use()
    except ImportError as error:
        assert 'pip install "kgan[train]"' in str(error), error
    else:
        raise AssertionError("A training name was imported without TensorFlow.")
"""


def run(*command, **options):
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def source_files():
    """Returns what a wheel must hold, by the path inside of it."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_package_is_listed():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = setup["options"]["packages"].split()
    folders = {Path(name).parent for name in source_files() if name.endswith(".py")}
    assert listed == sorted(".".join(folder.parts) for folder in folders)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """Builds the sdist and, from it, the wheel, out of a copy of the checkout."""
    folder = tmp_path_factory.mktemp("build")
    checkout = folder / "checkout"
    checkout.mkdir()
    for name in ("README.md", "LICENSE", "pyproject.toml", "setup.cfg"):
        shutil.copy(ROOT / name, checkout)
    for source in PACKAGES.values():
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, checkout / source.name, ignore=ignore)
    run(sys.executable, "-m", "build", "--outdir", folder / "dist", checkout)
    (wheel,) = (folder / "dist").glob("*.whl")
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def application(distributions, tmp_path_factory):
    """Returns a folder with a fresh environment that has the wheel and no extras."""
    wheel, _ = distributions
    folder = tmp_path_factory.mktemp("application")
    run(sys.executable, "-m", "venv", folder / "venv")
    pip = (folder / "venv/bin/python", "-m", "pip", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", wheel)
    return folder


@pytest.mark.slow
def test_wheel_holds_all_files(distributions):
    wheel, _ = distributions
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (name for name in archive.namelist() if name.endswith("METADATA"))
        text = archive.read(metadata).decode()
    assert held == source_files()
    assert "License-Expression: Apache-2.0" in text


@pytest.mark.slow
def test_sdist_holds_all_files(distributions):
    _, sdist = distributions
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    expected = {name.replace("kgan_export/", "export/", 1) for name in source_files()}
    assert expected | {"README.md", "LICENSE", "setup.cfg", "pyproject.toml"} <= held


@pytest.mark.slow
def test_samples_without_extras(application):
    import kgan
    import kgan_export

    gan = kgan.from_preset(
        "mlp", image_shape=(8, 8, 1), num_classes=10, generator={"width": 16}
    )
    kgan_export.export(gan, application / "generator.onnx")
    python = application / "venv/bin/python"
    run(python, "-c", SAMPLE, cwd=application)
    expected = kgan_export.Sampler(application / "generator.onnx").sample(10, seed=3)
    np.testing.assert_array_equal(np.load(application / "samples.npy"), expected)

    command = (python, "-m", "kgan_export.sample", "generator.onnx")
    run(*command, "-n", "16", "-o", "grid.png", cwd=application)
    assert (application / "grid.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_training_names_tell_what_to_install(application):
    run(application / "venv/bin/python", "-c", TRAIN, cwd=application)


@pytest.mark.slow
def test_doctor_tells_what_to_install(application):
    found = json.loads(run(application / "venv/bin/kgan", "doctor", "--json"))
    assert found["versions"]["tensorflow"] is None and found["versions"]["numpy"]
    assert all('pip install "kgan[train]"' in text for text in found["advice"])
    assert len(found["advice"]) == 2  # to train, to export


@pytest.mark.slow
@pytest.mark.parametrize("command", ["kgan", "kgan-export"])
def test_commands_exist_without_extras(application, command):
    environment = {**os.environ, "PATH": os.defpath}
    help_ = run(application / "venv/bin" / command, "--help", env=environment)
    assert help_.startswith(f"Usage: {command}")
