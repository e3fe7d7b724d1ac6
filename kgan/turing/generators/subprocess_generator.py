"""Programs as generators."""

import json
import os
import signal
import subprocess
import threading
import weakref

import numpy as np


class SubprocessGenerator:
    """A program that simulates, in any language.

    The program reads a line of JSON from its standard input for each request,
    `{"theta": [0.5, 2.0], "n": 20, "seed": 123}`, and answers by a line of JSON on its
    standard output: `n` samples, each a list of numbers. It may answer many requests,
    or exit after one and be started again. The samples must follow from the request
    alone. Its standard error is shown.

    A program that crashes, prints anything else or takes too long fails for this
    candidate only. It is then ended, with all processes that it started.

    Args:
        command: A list of strings, such as `["python", "simulator.py"]`.
        bounds: `[n_params, 2]`, lowest and highest values; may be infinite.
        timeout: Seconds that an answer may take.

    Example:

    >>> queue = SubprocessGenerator(["./queue"], bounds=[(0.1, 5), (0.1, 5)], timeout=5)
    """

    def __init__(self, command, bounds, timeout=60.0):
        self.command, self.timeout = list(command), timeout
        self.bounds = np.asarray(bounds, float)
        self.n_params = len(self.bounds)
        self._process = None

    def sample(self, theta, n, rng, query=None):
        """Returns `n` samples, or raises an exception that tells what went wrong."""
        if query is not None:
            raise NotImplementedError("a program cannot be queried")
        seed = int(rng.integers(2**31))
        request = {"theta": np.asarray(theta).tolist(), "n": int(n), "seed": seed}
        request = json.dumps(request) + "\n"
        used = self._process is not None
        try:
            line = self._ask(request)
        except EOFError:
            if not used:
                raise
            line = self._ask(request)  # it may have ended after its last answer
        try:
            return np.array(json.loads(line), float)
        except (ValueError, TypeError):
            self.close()  # more may follow, which would pass for the next answer
            raise ValueError(f"the program printed {line[:60]!r}") from None

    def close(self):
        """Ends the program; the next request starts it again."""
        process, self._process = self._process, None
        if process is not None:
            self._end()
            process.communicate()

    def _ask(self, request):
        if self._process is None:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            self._end = weakref.finalize(self, end, self._process)
        process, late = self._process, threading.Event()
        timer = threading.Timer(self.timeout, lambda: (late.set(), end(process)))
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:  # a pipe without a reader
            line = ""
        finally:
            timer.cancel()
        if line and not late.is_set():
            return line
        self.close()
        if late.is_set():
            raise TimeoutError(f"no answer within {self.timeout} s")
        raise EOFError(f"the program ended with exit code {process.returncode}")

    def __getstate__(self):
        # Copies, such as those of joblib's processes, start programs of their own.
        return {**self.__dict__, "_process": None, "_end": None}


def end(process):
    """Kills a process and those that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
