"""What environment variables bring to training, each in processes of its own.

DCGAN 28×28×1, batch 64: the small training of `kgan doctor`. All take turns, for
`--rounds` rounds; a row is the median of them.

    python benchmarks/switches.py TF_ENABLE_ONEDNN_OPTS=0 \
        "TF_ENABLE_ONEDNN_OPTS=0 ONEDNN_MAX_CPU_ISA=AVX2"
"""

import json
import os
import statistics
import subprocess
import sys

import click


def images_per_second(setting, seconds):
    """Times one process with a setting such as `"A=1 B=2"`, or an empty one."""
    variables = dict(pair.split("=", 1) for pair in setting.split())
    done = subprocess.run(
        [sys.executable, "-m", "kgan.runs.small_step", str(seconds)],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])["images_per_second"]


@click.command()
@click.argument("settings", nargs=-1, metavar="'A=1 B=2' …")
@click.option("--rounds", default=5, show_default=True, help="Processes a setting.")
@click.option("--seconds", default=3.0, show_default=True, help="Training of each.")
def main(settings, rounds, seconds):
    """Prints real images a second of each setting, and its ratio to none."""
    rates = {setting: [] for setting in ("", *settings)}
    for _ in range(rounds):
        for setting, found in rates.items():
            found.append(images_per_second(setting, seconds))
    for setting, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(found, rates[""], strict=True))
        scatter = f"{min(found):.0f} to {max(found):.0f}"
        click.echo(
            f"{statistics.median(found):6.0f} images/s ({scatter}), {ratio:.2f} "
            f"{setting or 'as it is'}"
        )


if __name__ == "__main__":
    main()
