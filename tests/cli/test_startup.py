"""Help is fast, and TensorFlow's notes do not reach users."""

import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

DIGITS = load_digits().target[:1500]

PROBE = """
import sys
from kgan.cli import main
try:
    main({arguments!r})
finally:
    heavy = {{"tensorflow", "keras", "matplotlib", "PIL"}} & set(sys.modules)
    assert not heavy, heavy
"""


@pytest.mark.parametrize(
    "name", ["train", "generate", "evaluate", "presets", "quickstart"]
)
def test_help_loads_nothing_heavy(name):
    code = PROBE.format(arguments=[name, "--help"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage:")


def kgan(*arguments, **variables):
    # The suite's own log level would decide what is silenced.
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-c", "from kgan.cli import main; main()", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment | variables
    )


def test_tensorflow_is_quiet():
    done = kgan("presets")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "dcgan" in done.stdout


def test_training_is_quiet(tmp_path):
    """The first training step makes Grappler's remapper complain of this preset."""
    size = "--image-shape=8x8x1 --set=generator.width=4 --set=discriminator.width=4"
    command = "train --preset=dcgan-sn --data=digits --steps=2 --evaluate-every=0"
    out = tmp_path / "run"
    done = kgan(*command.split(), *size.split(), f"--out={out}")
    assert done.returncode == 0, done.stderr
    each = ", ".join(
        f"{name} {count}" for name, count in enumerate(np.bincount(DIGITS))
    )
    assert done.stderr.splitlines() == [
        "Loading TensorFlow …",
        "Reading digits …",
        f"Read digits: 1500 images 8×8×1 in 10 classes: {each}.",
        "1,500 images: few for a GAN, which may learn them by heart. Try --augment "
        "ada, and --flip x where a mirrored image could be in the data.",
        "Tracing the first step …",
    ]


@pytest.mark.parametrize(
    "options, message",
    [
        (["--preset=dcgann", "--data=digits"], "--preset='dcgann'"),
        (["--preset=mlp", "--data=missing.npz"], "--data='missing.npz'"),
        (["--preset=mlp", "--data=digits", "--set=los=hinge"], "los"),
        (["--preset=cogan", "--data=digits", "--data-b=invertd"], "='invertd'"),
        (["--preset=mlp"], "needs --data"),
    ],
)
def test_mistakes_are_told_before_tensorflow_loads(options, message):
    code = PROBE.format(arguments=["train", *options])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1 and "Loading" not in done.stderr
    assert message in done.stderr and "Traceback" not in done.stderr


def test_debug_shows_the_traceback():
    arguments = ("generate", "missing.onnx")
    assert "Traceback" not in kgan(*arguments).stderr
    assert "Traceback" in kgan("--debug", *arguments).stderr
    assert "Traceback" in kgan(*arguments, KGAN_DEBUG="1").stderr
