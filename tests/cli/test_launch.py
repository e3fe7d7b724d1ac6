"""`kgan launch`: real workers, one of which is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

import kgan

TIMEOUT = 240
TRAIN = ("train", "--preset=mlp", "--data=digits", "--evaluate-every=0")
TRAIN += ("--batch-size=16", "--set=generator.width=16", "--set=discriminator.width=16")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "x"], "starts `kgan train`"),
        ([], "starts `kgan train`"),
        (["train", "--preset", "mlp"], "needs --data"),
        (["train", "--steps", "none"], "Invalid value for '--steps'"),
    ],
)
def test_mistakes_are_told_once(arguments, message, kgan_run):
    result = kgan_run("launch", "--workers", 2, "--", *arguments)
    assert result.exit_code in (1, 2) and message in result.stderr
    assert "[worker" not in result.stderr


def test_used_folder_is_refused_before_workers_start(kgan_run, tmp_path):
    (tmp_path / "letter.txt").touch()
    result = kgan_run("launch", "--workers=2", "--", *TRAIN, "--out", tmp_path)
    assert result.exit_code == 1 and "empty folder" in result.stderr


@pytest.mark.slow
def test_killed_worker_ends_the_run_and_a_restart_resumes_it(kgan_run, tmp_path):
    """The end equals that of one process, but for the order of float32 sums."""
    run = tmp_path / "run"
    options = ("--save-every=5", "--steps=100000")
    launcher = launch(*TRAIN, *options, f"--out={run}")
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(launcher.stderr))
    reader.start()
    deadline = time.monotonic() + TIMEOUT
    while not list(run.glob("checkpoints/step_*.keras")):
        assert launcher.poll() is None and time.monotonic() < deadline, lines
        time.sleep(0.1)
    os.kill(children(launcher.pid)[1], signal.SIGKILL)
    assert launcher.wait(TIMEOUT) == 128 + signal.SIGKILL
    reader.join()
    text = "".join(lines)
    assert "Worker 1 was killed by signal 9" in text and "Traceback" not in text
    assert "[worker 0] " in text and "[worker 1] " in text
    assert f"kgan launch --workers 2 -- train --resume --out {run}" in text
    saved = kgan.load_model(kgan.callbacks.latest_checkpoint(run / "checkpoints"))
    steps = int(saved.step.numpy()) + 3
    launcher = launch("train", "--resume", f"--out={run}", f"--steps={steps}", "--json")
    stdout, stderr = launcher.communicate(timeout=TIMEOUT)
    assert launcher.returncode == 0, stderr
    assert json.loads(stdout)["steps"] == steps  # the chief's alone
    single = kgan_run(*TRAIN, f"--steps={steps}", "--out", tmp_path / "one")
    assert single.exit_code == 0, single.output
    one, two = (
        kgan.load_model(path / "model.keras") for path in (run, tmp_path / "one")
    )
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


def launch(*arguments):
    command = [sys.executable, "-c", "from kgan.cli import main; main()", "launch"]
    return subprocess.Popen(
        [*command, "--workers=2", "--", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def children(process):
    """Returns the ids of a process's children, in the order of their start."""
    return [child.pid for child in psutil.Process(process).children()]
