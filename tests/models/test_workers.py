import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("workers.py")


def start(folder, task=None, workers=()):
    environment = {**os.environ, "TF_NUM_INTRAOP_THREADS": "1"}
    if task is not None:
        config = {
            "cluster": {"worker": list(workers)},
            "task": {"type": "worker", "index": task},
        }
        environment["TF_CONFIG"] = json.dumps(config)
    return subprocess.Popen(
        [sys.executable, SCRIPT, folder],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port():
    with socket.socket() as server:
        server.bind(("localhost", 0))
        return server.getsockname()[1]


@pytest.mark.slow
def test_two_workers_train_as_one_process_does(tmp_path):
    """Arrays, `kgan.data.batches`, data sets: each sample of a step goes to one worker.

    Batch normalisation, labels, k = 2, a lazy penalty with a state; the chief alone
    saves and evaluates.
    """
    addresses = [f"localhost:{free_port()}" for _ in range(2)]
    processes = [start(tmp_path, i, addresses) for i in range(2)] + [start(tmp_path)]
    try:
        for process in processes:
            output, _ = process.communicate(timeout=900)
            assert process.returncode == 0, output[-3000:]
    finally:
        for process in processes:
            process.kill()
    chief, other, single = (
        np.load(tmp_path / f"{name}.npz") for name in ("worker0", "worker1", "single0")
    )
    for name in single:
        np.testing.assert_array_equal(chief[name], other[name], name)
        np.testing.assert_allclose(
            chief[name], single[name], rtol=1e-5, atol=1e-6, err_msg=name
        )
