"""Several workers on this machine, each a process with its share of the processor."""

import json
import os
import signal
import socket
import subprocess
import threading
import time

from kgan._core.processor import usable_cores

# Time that workers have to end after one of them failed or a signal came.
GRACE_SECONDS = 15


def launch(command, workers, port, say):
    """Starts workers that train together, and waits for all of them.

    Each gets a `TF_CONFIG`, and its share of the cores as numbers of threads, unless
    the environment has them. When one fails, all are stopped; SIGINT and SIGTERM are
    passed on. What workers write to standard error gets a prefix and goes to `say`.

    Args:
        command: List of texts that starts one worker.
        workers: Number of processes.
        port: First of as many ports of this machine; None for free ones.
        say: Called with lines.

    Returns:
        The exit code of all: the first one that is not 0, or that of a signal.
    """
    addresses = [f"localhost:{number}" for number in _ports(workers, port)]
    received = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: received.append(number))
    processes = [_start(command, addresses, index) for index in range(workers)]
    threads = [
        threading.Thread(target=_forward, args=(process, index, say))
        for index, process in enumerate(processes)
    ]
    for thread in threads:
        thread.start()
    code = _wait(processes, received, say)
    for thread in threads:
        thread.join()
    return code


def _ports(count, first):
    """Returns port numbers of this machine."""
    if first is not None:
        return range(first, first + count)
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:  # all open at once, so that they differ
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _start(command, addresses, index):
    cluster = {
        "cluster": {"worker": addresses},
        "task": {"type": "worker", "index": index},
    }
    share = str(max(1, usable_cores() // len(addresses)))
    # OMP_NUM_THREADS is read by NumPy's linear algebra and by scikit-learn.
    threads = {"TF_NUM_INTRAOP_THREADS": share, "OMP_NUM_THREADS": share}
    environment = threads | os.environ
    if len(addresses) > 1:
        environment["TF_CONFIG"] = json.dumps(cluster)
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # the terminal's Ctrl-C comes through this process
    )


def _forward(process, index, say):
    for line in process.stderr:
        say(f"[worker {index}] {line.removesuffix(chr(10))}")


def _wait(processes, received, say):
    """Returns the exit code of all: the first one that is not 0, or of a signal."""
    code, deadline = 0, None
    while running := [p for p in processes if p.poll() is None]:
        failed = [p for p in processes if p.returncode]
        if deadline is None and (failed or received):
            if failed:
                code = failed[0].returncode
                say(_failure(processes.index(failed[0]), code))
            else:
                code = -received[0]
            deadline = time.monotonic() + GRACE_SECONDS
            for process in running:
                process.send_signal(received[0] if received else signal.SIGTERM)
        if deadline and (time.monotonic() > deadline or len(received) > 1):
            for process in running:
                process.kill()
        time.sleep(0.1)
    code = code or next((p.returncode for p in processes if p.returncode), 0)
    return 128 - code if code < 0 else code


def _failure(index, code):
    how = f"was killed by signal {-code}" if code < 0 else f"failed with code {code}"
    return f"Worker {index} {how}; stopping the others."
