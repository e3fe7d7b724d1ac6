"""Processes that work when they are told to, so that several can take turns.

Shared by scripts of several interpreters. A command and its answer are a line of JSON
each, on standard input and output.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

# Adam's epsilon in the step by which sides are compared. Its first moves are nearly the
# signs of gradients, which rounding decides where they are small; with this, they are
# smooth.
EPSILON = 1e-3


class Worker:
    """A process that runs a script which calls `serve`.

    Args:
        command: The interpreter, the script and its first arguments.
        spec: What the script is told at its start; it reads it by `spec`.
        environment: Dict of variables beside those of this process.
    """

    def __init__(self, command, spec, environment):
        self._process = subprocess.Popen(
            [*map(str, command), json.dumps(spec)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def ask(self, command, **arguments):
        """Runs a command of the process; returns its answer."""
        print(json.dumps([command, arguments]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args} ended with {command!r}.")
        return json.loads(answer)

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def spec():
    """Returns what a worker's process is told at its start."""
    return json.loads(sys.argv[1])


def serve(**commands):
    """Answers commands, functions by name, until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else a library prints is no answer
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(commands[name](**arguments)), file=answers, flush=True)


def switches():
    """Returns the variables of this process that may change how fast it is."""
    names = re.compile(
        "(TF_(ENABLE|NUM|XLA|GPU|FORCE|USE)|XLA|ONEDNN|DNNL|ATEN|MKL|OMP|KMP|TORCH"
        "|MALLOC|LD_PRELOAD)"
    )
    return {k: v for k, v in sorted(os.environ.items()) if names.match(k)}


def memory():
    """Returns the resident memory of this process, now and at its highest, in MB."""
    status = Path("/proc/self/status").read_text()
    return {
        name: int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1e3
        for name, field in (("rss", "VmRSS"), ("peak", "VmHWM"))
    }


def made_up(settings, count):
    """Returns uint8 noise images of the shape that settings ask for, and labels."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, [count, *settings["image_shape"]], "uint8")
    return images, random.integers(0, settings["num_classes"] or 1, count)
