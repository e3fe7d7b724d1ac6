import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import kgan

SCRIPT = pathlib.Path(__file__).with_name("kill_and_resume.py")


@pytest.mark.slow
def test_run_that_was_killed_ten_times_equals_one_that_was_not(tmp_path):
    """Bit for bit: networks, average, both optimizers; half of the kills hit writing"""
    command = [sys.executable, SCRIPT, tmp_path]
    result = subprocess.run(command, capture_output=True, text=True)
    log = (tmp_path / "log.txt").read_text()
    assert result.returncode == 0, result.stderr[-2000:] + log[-2000:]
    kills, while_writing = map(int, result.stdout.split())
    assert kills == 10 and while_writing >= 3
    whole, killed = (
        kgan.load_model(tmp_path / name / "model.keras") for name in ("whole", "killed")
    )
    assert int(killed.step.numpy()) == 300
    for a, b in zip(state(whole), state(killed), strict=True):
        np.testing.assert_array_equal(a, b)
    lines = (tmp_path / "killed/metrics.jsonl").read_text().splitlines()
    steps = [json.loads(line)["step"] for line in lines]
    assert steps == sorted(set(steps)) and steps[-1] == 300
    leftovers = (tmp_path / "killed/checkpoints").glob(".*")
    assert not list(leftovers)


def state(gan):
    optimizers = (gan.generator_optimizer, gan.discriminator_optimizer)
    variables = [v for optimizer in optimizers for v in optimizer.variables]
    return [*gan.get_weights(), *(variable.numpy() for variable in variables)]
