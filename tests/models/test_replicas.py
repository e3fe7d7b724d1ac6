import json
import pathlib
import subprocess
import sys

import pytest

SCRIPT = pathlib.Path(__file__).with_name("replicas.py")


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"share_fakes": False, "top_k": 0.5}], ids=str)
def test_one_and_two_replicas_train_to_the_same_weights(options):
    """Batch normalisation, labels, k = 2, penalties with state: ten steps."""
    command = [sys.executable, SCRIPT, json.dumps(options)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-2000:]
    figures = json.loads(result.stdout.splitlines()[-1])
    assert figures["weights"] < 2e-5 and figures["logs"] < 1e-4
    assert figures["moved"] > 1e-3
