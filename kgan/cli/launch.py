import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time

import click

from kgan._core.errors import invalid
from kgan.cli import train

# Time that workers have to end after one of them failed or a signal came.
GRACE_SECONDS = 15
KGAN = (sys.executable, "-c", "from kgan.cli import main; main()")


@click.command("launch", context_settings={"ignore_unknown_options": True})
@click.option("--workers", type=click.IntRange(1), required=True, help="Processes.")
@click.option(
    "--port",
    type=click.IntRange(1024, 65000),
    help="First of as many ports of this machine; by default free ones.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="train …")
@click.pass_context
def command(context, workers, port, arguments):
    """Trains in several processes of this machine: kgan launch --workers 2 -- train …

    Each gets a TF_CONFIG and its share of the processor; --batch-size stays the batch
    of all together. When one fails, all are stopped. Their messages get a prefix; the
    results, which only the first one prints, do not."""
    if arguments[:1] != ("train",):
        raise invalid(
            "`kgan launch` starts `kgan train`.",
            {"arguments": " ".join(arguments)},
            "Write for instance kgan launch --workers 2 -- train --preset dcgan-sn "
            "--data fashion_mnist.",
        )
    run = train.run_folder(arguments[1:])  # mistakes are told once, not by each worker
    addresses = [f"localhost:{number}" for number in _ports(workers, port)]
    received = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: received.append(number))
    processes = [_start(arguments, addresses, index) for index in range(workers)]
    threads = [
        threading.Thread(target=_forward, args=(process, index))
        for index, process in enumerate(processes)
    ]
    for thread in threads:
        thread.start()
    code = _wait(processes, received)
    for thread in threads:
        thread.join()
    if code:
        resume = f"kgan launch --workers {workers} -- train --resume --out "
        click.echo("To go on from the last checkpoint:", err=True)
        click.echo(f"  {resume}{shlex.quote(str(run.path))}", err=True)
    context.exit(code)


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


def _start(arguments, addresses, index):
    cluster = {
        "cluster": {"worker": addresses},
        "task": {"type": "worker", "index": index},
    }
    share = max(1, (os.cpu_count() or 1) // len(addresses))
    environment = {"TF_NUM_INTRAOP_THREADS": str(share), **os.environ}
    if len(addresses) > 1:
        environment["TF_CONFIG"] = json.dumps(cluster)
    return subprocess.Popen(
        [*KGAN, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # the terminal's Ctrl-C comes through this process
    )


def _forward(process, index):
    for line in process.stderr:
        click.echo(f"[worker {index}] {line}", err=True, nl=False)


def _wait(processes, received):
    """Returns the exit code of all: the first one that is not 0, or of a signal."""
    code, deadline = 0, None
    while running := [p for p in processes if p.poll() is None]:
        failed = [p for p in processes if p.returncode]
        if deadline is None and (failed or received):
            if failed:
                code = failed[0].returncode
                click.echo(_failure(processes.index(failed[0]), code), err=True)
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
