"""Modes of 2-D Gaussians: kgan's experiments beside the figures of the papers.

PacGAN's protocol: 100,000 points, 2,500 samples to evaluate, a sample is of high
quality within 3σ of a centre; medians over seeds.

    python benchmarks/gaussians.py                          # best settings, 5 seeds
    python benchmarks/gaussians.py --experiment grid-plain --seeds 1 --xla
"""

import time

import click
import numpy as np

import kgan

# Modes, high-quality share in %, reverse KL: figures of the PacGAN paper's tables.
PAPERS = {
    "ring-plain": ("PacGAN's GAN", "6.3", "98.2", ".45"),
    "ring-pacgan2": ("PacGAN's PacGAN2", "7.9", "95.6", ".07"),
    "grid-plain": ("PacGAN's GAN", "17.3", "94.8", ".70"),
    "grid-pacgan2": ("PacGAN's PacGAN2", "23.8", "91.3", ".13"),
}
# Modes, high-quality share and reverse KL that the best settings must reach.
GOALS = {"ring": (8, 0.98, None), "grid": (25, 0.97, 0.01)}


def run(name, seed, steps, xla=False, every=None):
    """Trains an experiment; yields scores with steps and seconds, last at the end."""
    experiment = kgan.lab.experiment(name, seed)
    experiment.gan.jit_compile = xla
    end = steps or experiment.settings["steps"]
    seconds = 0.0
    for stop in [*range(every, end, every), end] if every else [end]:
        start = time.perf_counter()
        experiment.fit(steps=stop)
        seconds += time.perf_counter() - start
        yield experiment.scores(seed=seed) | {"steps": stop, "seconds": seconds}


def reached(name, median):
    """Returns what is wrong with the medians, or an empty string."""
    if name not in GOALS:
        return ""
    modes, quality, kl = GOALS[name]
    met = median["modes"] >= modes and median["quality"] >= quality
    met = met and (kl is None or median["reverse_kl"] <= kl)
    return "" if met else f"below the goal of {modes} modes, {quality:.0%}, KL {kl}"


@click.command()
@click.option("--experiment", "names", multiple=True, default=("grid", "ring"))
@click.option("--seeds", default=5, help="Seeds from 0 on.")
@click.option(
    "--steps", type=int, help="Stop after so many; default: the experiment's."
)
@click.option("--every", type=int, help="Print a row each so many steps, too.")
@click.option("--xla", is_flag=True, help="Compile the training step by XLA.")
def main(names, seeds, steps, every, xla):
    """Prints a row a run and medians; exit code 1 if a goal is missed."""
    wrong = ""
    click.echo("| experiment | seed | steps | modes | HQ % | reverse KL | seconds |")
    click.echo("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        rows = []
        for seed in range(seeds):
            for row in run(name, seed, steps, xla, every):
                _show(name, seed, row)
            rows.append(row)
        median = {key: float(np.median([row[key] for row in rows])) for key in rows[0]}
        _show(name, f"median of {seeds}", median)
        if name in PAPERS:
            who, *figures = PAPERS[name]
            click.echo(f"| {who} | | 400000 | {' | '.join(figures)} | |")
        wrong = wrong or reached(name, median)
    if wrong and not steps:
        raise SystemExit(wrong)


def _show(name, seed, row):
    click.echo(
        f"| {name} | {seed} | {row['steps']:.0f} | {row['modes']:g} | "
        f"{row['quality']:.1%} | {row['reverse_kl']:.4f} | {row['seconds']:.0f} |"
    )


if __name__ == "__main__":
    main()
