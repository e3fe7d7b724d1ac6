"""Ctrl-C in a real process: a checkpoint, a command to resume, no traceback."""

import signal
import subprocess
import sys
import time

import pytest

import kgan

TIMEOUT = 240


def kgan_process(*arguments):
    command = [sys.executable, "-c", "from kgan.cli import main; main()", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_goes_on(number, tmp_path):
    run = tmp_path / "my run"
    options = ["--preset=mlp", "--data=digits", "--evaluate-every=0", "--steps=100000"]
    process = kgan_process("train", *options, "--save-every=100000", f"--out={run}")
    deadline = time.monotonic() + TIMEOUT
    while not (run / "samples/step_000000.png").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.1)
    time.sleep(3)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    command = f"kgan train --resume --out '{run}'"
    assert command in stdout
    done = int(kgan.load_model(run / "model.keras").step.numpy())
    assert 0 < done < 100000
    assert (run / f"checkpoints/step_{done:06}.keras").exists()
    process = kgan_process("train", "--resume", f"--out={run}", f"--steps={done + 2}")
    assert process.wait(TIMEOUT) == 0
    assert int(kgan.load_model(run / "model.keras").step.numpy()) == done + 2
