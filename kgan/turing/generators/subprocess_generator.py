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
        self._idle = []  # programs that wait for a request; several where threads ask

    def sample(self, theta, n, rng, query=None):
        """Returns `n` samples, or raises an exception that tells what went wrong."""
        if query is not None:
            raise NotImplementedError("a program cannot be queried")
        seed = int(rng.integers(2**31))
        request = {"theta": np.asarray(theta).tolist(), "n": int(n), "seed": seed}
        request = json.dumps(request) + "\n"
        try:
            return self._ask(self._idle.pop(), request)
        except (IndexError, EOFError):  # none waits, or it had ended after its answer
            return self._ask(Program(self.command), request)

    def close(self):
        """Ends the programs; the next request starts one again."""
        while self._idle:
            self._idle.pop().end()

    def _ask(self, program, request):
        """Returns a program's answer, and keeps the program only if all went well."""
        try:
            line = program.ask(request, self.timeout)
            samples = np.array(json.loads(line), float)
        except BaseException as error:
            program.end()
            if isinstance(error, ValueError | TypeError):
                raise ValueError(f"the program printed {line[:60]!r}") from None
            raise
        self._idle.append(program)
        return samples

    def __getstate__(self):
        # Copies, such as those of joblib's processes, start programs of their own.
        return {**self.__dict__, "_idle": []}


class Program:
    """A running program, killed with all that it started when it is dropped."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._kill = weakref.finalize(self, kill, self.process)

    def ask(self, request, timeout):
        """Writes a line and returns the line of the answer."""
        late = threading.Event()
        timer = threading.Timer(timeout, lambda: (late.set(), kill(self.process)))
        timer.start()
        try:
            self.process.stdin.write(request)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:  # a pipe without a reader
            line = ""
        finally:
            timer.cancel()
        if late.is_set():
            raise TimeoutError(f"no answer within {timeout} s")
        if not line:
            code = self.process.wait(timeout)
            raise EOFError(f"the program ended with exit code {code}")
        return line

    def end(self):
        """Kills the program and waits for its end."""
        self._kill()
        self.process.wait()
        self.process.stdout.close()
        try:
            self.process.stdin.close()
        except OSError:  # what it never read
            pass


def kill(process):
    """Kills a process and those that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
