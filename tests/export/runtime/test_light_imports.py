"""What an application imports stays free of TensorFlow, and fast."""

import os
import pathlib
import subprocess
import sys

import pytest
from small_generators import tiny_onnx

MODEL = pathlib.Path(
    __file__, "../../../../saved_models/fashion-mnist-dcgan/generator.onnx"
).resolve()
HEAVY = "tensorflow", "keras", "onnx", "tf2onnx", "PIL", "matplotlib"


def loaded(code, *arguments):
    """Runs code in a fresh process; returns which heavy packages it loaded."""
    report = f"import sys; print('LOADED', *[m for m in {HEAVY} if m in sys.modules])"
    guarded = (
        f"try:\n    {code}\nexcept SystemExit as e:\n    assert not e.code\n{report}"
    )
    command = [sys.executable, "-c", guarded, *map(str, arguments)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return output.split("LOADED")[1].split()


@pytest.mark.parametrize(
    "code",
    [
        "from kgan_export import Sampler",
        "import sys, kgan_export; kgan_export.Sampler(sys.argv[1]).sample(3)",
        "from kgan_export.cli import main; main(['--help'])",
        "import sys; from kgan_export.cli import main; "
        "main(['--inspect', sys.argv[1]])",
        "import sys; from kgan_export.sample import main; "
        "main([sys.argv[1], '-o', sys.argv[1] + '.npy'])",
    ],
    ids=["import", "sample", "help", "inspect", "command"],
)
def test_nothing_heavy_is_loaded(tmp_path, code):
    assert loaded(code, tiny_onnx(tmp_path / "tiny.onnx")) == []


def processor_time(*command):
    """Seconds of it that a process takes: other work may share the machine."""
    before = os.times()
    subprocess.run(command, capture_output=True, check=True)
    after = os.times()
    used = after.children_user - before.children_user
    return used + after.children_system - before.children_system


def test_help_takes_less_than_half_a_second():
    script = os.path.join(os.path.dirname(sys.executable), "kgan-export")
    assert processor_time(script, "--help") < 0.5


def test_the_first_image_takes_less_than_half_a_second():
    code = "import sys, kgan_export; kgan_export.Sampler(sys.argv[1]).sample(1)"
    assert processor_time(sys.executable, "-c", code, MODEL) < 0.5


def test_exporting_without_the_training_packages_names_the_extra():
    code = (
        "import sys; sys.modules['tensorflow'] = None; from kgan_export import export"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert process.stderr.splitlines()[-1].startswith("ImportError: Exporting needs")
    assert 'pip install "kgan[train]"' in process.stderr
