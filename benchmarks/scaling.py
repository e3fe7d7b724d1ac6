"""Images a second of DCGAN-28 on 1 and 2 replicas, and in 1 and 2 workers.

All variants use the same number of threads in all, live in processes of their own and
take turns, so that what else the machine does falls on all of them. The replicas are
logical devices of the CPU: what is measured is the cost of the strategy itself.
"""

import json
import os
import socket
import subprocess
import sys
import time

import click

SHAPE = (28, 28, 1)
# Name: workers, and replicas a worker.
VARIANTS = {
    "1 replica": (1, 1),
    "2 replicas": (1, 2),
    "1 worker": (1, 1),
    "2 workers": (2, 1),
}


class Side:
    """A variant: one or two processes that train when they are told to."""

    def __init__(self, name, threads, batch_size, steps):
        workers, replicas = VARIANTS[name]
        addresses = [f"localhost:{_port()}" for _ in range(workers)]
        self.images = steps * batch_size
        self._processes = []
        for index in range(workers):
            task = {"type": "worker", "index": index}
            config = {"cluster": {"worker": addresses}, "task": task}
            variables = {"TF_CONFIG": json.dumps(config)} if "worker" in name else {}
            per_worker = max(1, threads // workers)
            numbers = (replicas, per_worker, batch_size, steps)
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, __file__, "--child", *map(str, numbers)],
                    env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **variables},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )

    def wait(self):
        """Waits until all processes have done what they were told."""
        for process in self._processes:
            if process.stdout.readline() != "done\n":
                raise SystemExit(f"A process ended: {process.args}")

    def train(self):
        """Trains for a round; returns images a second."""
        began = time.perf_counter()
        for process in self._processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        self.wait()
        return self.images / (time.perf_counter() - began)

    def end(self):
        for process in self._processes:
            process.stdin.close()
        for process in self._processes:
            process.wait()


def child(replicas, threads, batch_size, steps):
    """Trains so many steps, the first time and whenever a line comes in."""
    import contextlib

    import keras
    import numpy as np
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    scope = contextlib.nullcontext()
    if replicas > 1:
        cpu = tf.config.list_physical_devices("CPU")[0]
        parts = [tf.config.LogicalDeviceConfiguration()] * replicas
        tf.config.set_logical_device_configuration(cpu, parts)
        names = [f"cpu:{index}" for index in range(replicas)]
        scope = tf.distribute.MirroredStrategy(names).scope()
    elif "TF_CONFIG" in os.environ:
        scope = tf.distribute.MultiWorkerMirroredStrategy().scope()

    import kgan

    class Turns(keras.callbacks.Callback):
        """Pauses one `fit`, whose start is no part of what is measured."""

        def on_train_batch_end(self, batch, logs=None):
            if (batch + 1) % steps == 0:
                print("done", flush=True)
                self.model.stop_training = not sys.stdin.readline()

    with scope:
        gan = kgan.from_preset("dcgan", SHAPE)
    x = np.random.default_rng(0).uniform(-1, 1, (4096, *SHAPE)).astype("float32")
    options = {"batch_size": batch_size, "steps_per_epoch": 10**6, "verbose": 0}
    gan.fit(x, callbacks=[Turns()], **options)


def _port():
    with socket.socket() as each:
        each.bind(("localhost", 0))
        return each.getsockname()[1]


@click.command()
@click.option("--batch-size", default=128, show_default=True, help="Of all replicas.")
@click.option("--steps", default=20, show_default=True, help="Steps a round.")
@click.option("--rounds", default=9, show_default=True, help="Rounds a variant.")
@click.option("--threads", default=2, show_default=True, help="Threads in all.")
def main(batch_size, steps, rounds, threads):
    """Prints medians of images a second, and their ratios to one replica's."""
    sides = {name: Side(name, threads, batch_size, steps) for name in VARIANTS}
    for side in sides.values():
        side.wait()
    rates = {name: [] for name in VARIANTS}
    for _ in range(rounds):
        for name, side in sides.items():
            rates[name].append(side.train())
    for side in sides.values():
        side.end()
    for name, values in rates.items():
        pairs = zip(values, rates["1 replica"], strict=True)
        ratio = _median([rate / base for rate, base in pairs])
        click.echo(f"{name:10s} {_median(values):7.0f} images/s   ratio {ratio:.3f}")


def _median(values):
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*map(int, sys.argv[2:]))
    else:
        main()
