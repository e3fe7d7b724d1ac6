"""Imports stay light, and point one way."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"keras", "matplotlib", "onnx", "sklearn", "tensorflow", "tf2onnx"}
LIMIT = 0.5  # seconds

# Processor time, which other work on the machine does not change; on an idle machine
# it is also about the time on the clock.
PROBE = """
import json, sys, time
start = time.process_time()
try:
    {statement}
except SystemExit:
    pass
seconds = time.process_time() - start
modules = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps([seconds, modules]))
"""

COMMAND = (
    "from importlib.metadata import entry_points; sys.argv = [{name!r}, '--help']; "
    "entry_points(group='console_scripts')[{name!r}].load()()"
)


def probe(statement):
    """Returns a statement's processor seconds and the modules loaded after it."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(statement=statement)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "statement",
    [
        "import kgan",
        "import kgan_export",
        "from kgan_export import Sampler",
        COMMAND.format(name="kgan"),
        COMMAND.format(name="kgan-export"),
    ],
    ids=["kgan", "kgan_export", "Sampler", "kgan --help", "kgan-export --help"],
)
def test_is_light(statement):
    runs = [probe(statement) for _ in range(3)]
    assert HEAVY.isdisjoint(runs[0][1])
    assert statistics.median(seconds for seconds, _ in runs) < LIMIT


def test_training_names_load_tensorflow_when_used():
    _, modules = probe("import kgan; kgan.GAN")
    assert {"keras", "tensorflow"} <= set(modules)


def test_public_names_are_listed():
    _, modules = probe("import kgan; assert {'GAN', 'losses'} <= set(dir(kgan))")
    assert "tensorflow" not in modules


def test_keras_finds_the_classes_of_a_saved_game():
    name = "keras.saving.get_registered_object('kgan>GAN')"
    probe(f"import keras, kgan; assert {name}")


def test_import_contracts():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
