"""Small programs of what users brought, each of which printed FAULT once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "cases"
PROGRAMS = sorted(p.name for p in FOLDER.glob("*.*") if p.name != "players.py")


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_ok(name):
    scripts = os.path.dirname(sys.executable)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    command = ["bash" if name.endswith(".sh") else sys.executable, FOLDER / name]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.stdout.splitlines()[-1:] == ["OK"], done.stdout + done.stderr[-2000:]
