"""How time and memory grow with image size, batch, data set size and class count.

Each series lives in a process of its own, from its smallest point to its largest. Time
is the median of repeated work; memory is the most that the process holds above what it
held before the point. The last columns are exponents, of the last two points: 1 is
linear, 2 quadratic, 0 constant.

    python benchmarks/growth.py --picture docs/images/growth.png
"""

import functools
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np

NARROW = {"generator": {"width": 16}, "discriminator": {"width": 16}}


def step(side=32, batch=32, classes=10):
    """A step of training; the first ones, which trace it, come before."""
    import tensorflow as tf

    import kgan

    game = kgan.from_preset(
        "dcgan-sn", image_shape=(side, side, 3), num_classes=classes, **NARROW
    )
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (batch, side, side, 3)).astype("float32")
    data = x, rng.integers(classes, size=batch)
    function = tf.function(game.train_step)
    return lambda: function(data)


def load_folder(images):
    """Reading a folder of pictures, 32×32 RGB."""
    import kgan

    folder = _pictures(images)
    return lambda: kgan.data.read(folder)


def serve(images):
    """Twenty batches of 64 out of a data set in memory, shuffled."""
    import kgan

    x = np.zeros((images, 32, 32, 3), np.uint8)
    data = iter(kgan.data.load(x, batch_size=64, repeat=True))
    return lambda: [next(data) for _ in range(20)]


def evaluate(samples, classes=10):
    """Fréchet distance and agreement of images that exist already."""
    from kgan.metrics import Classifier, Evaluator
    from kgan.metrics.features import classifier

    rng = np.random.default_rng(0)
    real, fake = rng.integers(256, size=(2, samples, 28, 28, 1), dtype=np.uint8)
    labels = rng.integers(classes, size=samples)
    network = classifier._build((28, 28, 1), classes, 0)

    def work():
        evaluator = Evaluator(Classifier(network), real, labels)
        return evaluator.compare(fake, labels)

    return work


def neighbors(samples):
    """Density and coverage: pairs of samples, by nature quadratic in time."""
    from kgan.diagnostics.spread import density_and_coverage

    real, fake = np.random.default_rng(0).normal(size=(2, samples, 64))
    return lambda: density_and_coverage(real, fake, 5)


def generate(samples=256, side=32):
    """`generate`, 64 samples a pass."""
    import kgan

    game = kgan.from_preset("dcgan-sn", image_shape=(side, side, 3), **NARROW)
    return lambda: game.generate(samples)


# Title, what grows, the function, the name of its argument, its values.
SERIES = [
    ("step", "pixels of an image", step, "side", (16, 32, 64)),
    ("step", "batch", step, "batch", (16, 32, 128)),
    ("step", "classes", step, "classes", (10, 100, 1000)),
    ("reading a folder", "images", load_folder, "images", (500, 1000, 4000)),
    ("serving 20 batches", "images", serve, "images", (2000, 8000, 32_000)),
    ("evaluation", "samples", evaluate, "samples", (500, 1000, 4000)),
    (
        "evaluation",
        "classes",
        functools.partial(evaluate, 1000),
        "classes",
        (10, 100, 1000),
    ),
    ("density, coverage", "samples", neighbors, "samples", (500, 1000, 4000)),
    ("generate", "samples", generate, "samples", (256, 512, 2048)),
    ("generate", "pixels of an image", generate, "side", (16, 32, 64, 128)),
]


def measure(make, argument, value):
    """Returns the seconds of the work, and the megabytes at most."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # From here on `VmHWM` is the most that is held.
    before = _kilobytes("VmRSS")
    work = make(**{argument: value})
    work()
    seconds = []
    while len(seconds) < 3 or (sum(seconds) < 1 and len(seconds) < 20):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), (_kilobytes("VmHWM") - before) / 1e3


def exponent(sizes, values):
    """Returns the power of the size with which the last two values grow."""
    grown = max(values[-1], 1e-9) / max(values[-2], 1e-9)
    return math.log(grown) / math.log(sizes[-1] / sizes[-2])


def _pictures(count):
    from PIL import Image

    folder = Path(tempfile.gettempdir(), f"kgan-growth-{count}")
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    for i in range(count):
        path = folder / f"{i}.png"
        if not path.exists():
            Image.fromarray(rng.integers(256, size=(32, 32, 3), dtype=np.uint8)).save(
                path
            )
    return folder


def _kilobytes(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])


def _sizes(argument, values):
    return [value**2 if argument == "side" else value for value in values]


def draw(rows, path):
    """Draws seconds over size, and megabytes over size."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    axes = figure.subplots(1, 2)
    for title, sizes, *series in rows:
        for panel, values in zip(axes, series, strict=True):
            ratio = np.array(values) / values[0]
            panel.plot(np.array(sizes) / sizes[0], ratio, marker=".", label=title)
    for panel, what in zip(axes, ("time", "memory"), strict=True):
        panel.axline((1, 1), (10, 10), color="gray", linestyle="--", zorder=0)
        panel.set(xscale="log", yscale="log", title=what, xlabel="times the size")
    axes[0].set_ylabel("times as much")
    axes[1].legend(fontsize="x-small", loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(path, dpi=90)


@click.command()
@click.option("--picture", help="The PNG file to draw.")
@click.option("--only", help="Numbers of series, such as 0,3.")
@click.option("--series", type=int, hidden=True)
def main(picture, only, series):
    """Prints a table; dashed in the picture is what linear growth would be."""
    if series is not None:
        _, _, make, argument, values = SERIES[series]
        measure(make, argument, values[0])  # What is loaded once is no growth.
        for value in values:
            print(json.dumps(measure(make, argument, value)), flush=True)
        return
    print("| what | grows with | from … to | seconds | MB | time | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    rows = []
    for number in map(int, only.split(",")) if only else range(len(SERIES)):
        what, grows, _, argument, values = SERIES[number]
        lines = subprocess.run(
            [sys.executable, __file__, "--series", str(number)],
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.splitlines()
        seconds, memory = zip(*map(json.loads, lines), strict=True)
        sizes = _sizes(argument, values)
        rows.append((f"{what}: {grows}", sizes, seconds, memory))
        print(
            f"| {what} | {grows} | {', '.join(f'{size:,}' for size in sizes)} "
            f"| {', '.join(f'{s:.3g}' for s in seconds)} "
            f"| {', '.join(f'{m:.0f}' for m in memory)} "
            f"| {exponent(sizes, seconds):.1f} | {exponent(sizes, memory):.1f} |",
            flush=True,
        )
    if picture:
        draw(rows, picture)


if __name__ == "__main__":
    main()
