"""Kills `kgan train` ten times at random moments and resumes it; run by a test.

Each attempt is a fork of this process, which spares it the import of TensorFlow. Every
other one is killed while it writes a checkpoint. Prints the number of kills.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from kgan._core.quiet import load_tensorflow
from kgan.cli import main

load_tensorflow()
from kgan.runs import preparation  # noqa: E402, F401

FOLDER = Path(sys.argv[1])
CHECKPOINTS = FOLDER / "killed" / "checkpoints"
OPTIONS = (
    "train --preset=mlp --data=digits --evaluate-every=0 --batch-size=16 --steps=300 "
    "--save-every=10 --sample-every=100 --deterministic "
    "--set=generator.width=16 --set=discriminator.width=16"
).split()
KILLS = 10


def start(arguments):
    """Returns the id of a process that runs `kgan` with the arguments."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        with open(FOLDER / "log.txt", "ab") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        main(arguments, standalone_mode=False)
        code = 0
    finally:
        os._exit(code)


def kill(process, checkpoints, writing, delay):
    """Kills a process after so many new checkpoints; returns its exit status."""
    done = names("step_*.keras")
    while not (status := os.waitpid(process, os.WNOHANG))[0]:
        enough = len(names("step_*.keras") - done) >= checkpoints
        if enough and (not writing or names(".*.tmp.keras")):
            break
        time.sleep(0.0005)
    else:
        return status[1]
    if not writing:
        time.sleep(delay)
    os.kill(process, signal.SIGKILL)
    return os.waitpid(process, 0)[1]


def names(pattern):
    return {path.name for path in CHECKPOINTS.glob(pattern)}


random.seed(0)
assert os.waitpid(start([*OPTIONS, f"--out={FOLDER / 'whole'}"]), 0)[1] == 0
arguments = [*OPTIONS, f"--out={CHECKPOINTS.parent}"]
kills = written = 0
while kills < KILLS:
    status = kill(
        start(arguments),
        random.randint(1 if not kills else 0, 2),
        writing=kills % 2,
        delay=random.uniform(0, 0.3),
    )
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
    kills += 1
    written += bool(names(".*.tmp.keras"))
    arguments = ["train", "--resume", f"--out={CHECKPOINTS.parent}"]
assert os.waitpid(start(arguments), 0)[1] == 0
print(kills, written)
