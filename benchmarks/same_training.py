"""Does this version train as an older one did? Every preset, the same data and seed.

Each preset plays ten steps on digits in the older version, checked out as a git
worktree, and in this one, on one machine, with 1 and 2 replicas (logical devices of the
CPU). The losses of each step and the norms of all weights must agree to 1e-5 relative.
Nothing is stored: last digits differ between processors.

    python benchmarks/same_training.py 16245a1
    python benchmarks/same_training.py 16245a1 --presets dcgan,bigan --replicas 1
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
TOLERANCE = 1e-5
SHAPE = (8, 8, 1)
BATCH_SIZE = 16


def train(preset, steps, replicas):
    """Trains one preset in this process, and prints losses and norms as JSON."""
    import contextlib

    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    tf.random.set_seed(0)
    # Several threads share a sum as they come: Adam's first steps, which are signs of
    # gradients, make the last digits of wide layers large.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    scope = contextlib.nullcontext()
    if replicas > 1:
        (cpu,) = tf.config.list_physical_devices("CPU")
        parts = [tf.config.LogicalDeviceConfiguration()] * replicas
        tf.config.set_logical_device_configuration(cpu, parts)
        names = [f"cpu:{index}" for index in range(replicas)]
        scope = tf.distribute.MirroredStrategy(names).scope()

    import numpy as np

    import kgan

    assert Path(kgan.__file__).parents[1] == Path.cwd(), kgan.__file__
    digits = kgan.data.read("digits")
    images = digits.x.astype("float32") / 127.5 - 1
    labels = digits.y
    # The smallest networks that the families allow: the step is what is compared.
    settings = kgan.presets.settings(
        preset, SHAPE, digits.num_classes, batch_size=BATCH_SIZE
    )
    with scope:
        model = kgan.presets.build(settings)
    data = {"x": images, "y": labels if settings["num_classes"] else None}
    if settings["model"] == "cogan":
        data = {"x": (images[::2], -images[1::2])}
    history = model.fit(
        **data, batch_size=BATCH_SIZE, epochs=steps, steps_per_epoch=1, verbose=0
    )
    weights = {id(v): np.asarray(v.numpy(), "float64") for v in model.weights}
    found = {
        "losses": {name: list(map(float, x)) for name, x in history.history.items()},
        # Sorted: names and order of the weights may change.
        "norms": sorted(float(np.linalg.norm(w)) for w in weights.values()),
    }
    print("RESULT" + json.dumps(found))


def run(root, preset, steps, replicas):
    """Returns what `train` finds in the version of a folder."""
    arguments = [preset, str(steps), str(replicas)]
    environment = os.environ | {"PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, __file__, "train", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    lines = [x for x in done.stdout.splitlines() if x.startswith("RESULT")]
    if not lines:
        raise click.ClickException(f"{root}: {preset} failed.\n{done.stderr[-2000:]}")
    return json.loads(lines[-1].removeprefix("RESULT"))


def difference(old, new):
    """Returns the largest relative difference of two results, or what does not fit."""
    if old["losses"].keys() != new["losses"].keys():
        return f"logs {sorted(old['losses'])} became {sorted(new['losses'])}"
    pairs = [(old["losses"][name], new["losses"][name]) for name in old["losses"]]
    pairs.append((old["norms"], new["norms"]))
    if any(len(a) != len(b) for a, b in pairs):
        return f"{len(old['norms'])} weights became {len(new['norms'])}"
    # Logits near zero have no relative accuracy: 1e-3 is the least scale.
    return max(
        abs(a - b) / max(abs(a), abs(b), 1e-3)
        for one, two in pairs
        for a, b in zip(one, two, strict=True)
    )


def compare(commit, presets, steps, replicas):
    """Prints a table; returns whether all agrees."""
    agrees = True
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder, "old")
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(old), commit], check=True)
        try:
            click.echo("| preset | replicas | largest relative difference |")
            click.echo("| --- | --- | --- |")
            for preset in presets:
                for count in replicas:
                    results = [run(x, preset, steps, count) for x in (old, ROOT)]
                    found = difference(*results)
                    good = not isinstance(found, str) and found <= TOLERANCE
                    agrees &= good
                    shown = found if isinstance(found, str) else f"{found:.1e}"
                    mark = "" if good else " **too much**"
                    click.echo(f"| {preset} | {count} | {shown}{mark} |")
        finally:
            subprocess.run([*git, "remove", "--force", str(old)], check=True)
    return agrees


@click.command()
@click.argument("commit")
@click.option("--presets", help="Names, joined by commas; by default all of COMMIT's.")
@click.option("--steps", default=10, show_default=True)
@click.option("--replicas", default="1,2", show_default=True)
def main(commit, presets, steps, replicas):
    """Compares the training of this version with that of COMMIT."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-tree", "--name-only", commit, "kgan/presets/"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    known = [Path(x).stem for x in listed if x.endswith(".toml")]
    known.remove("defaults")
    presets = presets.split(",") if presets else known
    if not compare(commit, presets, steps, [int(x) for x in replicas.split(",")]):
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["train"]:
        train(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main()
