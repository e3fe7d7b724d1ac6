"""Does half precision cost quality? Seeds of one preset on digits, by precision.

Each run trains a game from its own seed and is scored by the Fréchet distance of a
classifier's features (`fd`, lower is better) and by how often it sees the class that
was asked for. A difference below the spread over seeds is noise.

    python benchmarks/mixed_precision.py --steps 1500 --seeds 5
"""

import json
import time

import click
import numpy as np

import kgan

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
SHAPE = (8, 8, 1)


def run(precision, seed, steps, evaluator):
    """Trains one game; returns its scores, seconds and the share of skipped updates."""
    train = kgan.data.read("digits", "train")
    gan = kgan.from_preset(
        "dcgan-sn", SHAPE, 10, seed=seed, precision=precision, steps=steps
    )
    start = time.perf_counter()
    logs = gan.fit(
        train.x, train.y, batch_size=64, steps_per_epoch=steps, verbose=0
    ).history
    seconds = time.perf_counter() - start
    scores = evaluator.score(gan.generate, conditional=True)
    return {
        "fd": scores["fd"],
        "agreement": scores["agreement"],
        "seconds": seconds,
        "skipped": logs.get("skipped", [0.0])[-1],
    }


def mean_and_error(values):
    """Returns the mean and its standard error."""
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return float(np.mean(values)), float(error)


@click.command()
@click.option("--steps", default=1500, show_default=True)
@click.option("--seeds", default=5, show_default=True)
@click.option("--precision", "chosen", multiple=True, type=click.Choice(PRECISIONS))
def main(steps, seeds, chosen):
    """Prints one line of JSON a run, then a table."""
    train, test = (kgan.data.read("digits", split) for split in ("train", "test"))
    classifier = kgan.metrics.Classifier.for_data(train.x, train.y, test.x, test.y)
    evaluator = kgan.metrics.Evaluator(classifier, test.x, test.y)
    results = {precision: [] for precision in chosen or PRECISIONS}
    for seed in range(seeds):
        for precision, scores in results.items():  # in turn: the machine may be shared
            scores.append(run(precision, seed, steps, evaluator))
            click.echo(json.dumps({"precision": precision, "seed": seed, **scores[-1]}))
    names = ("fd", "agreement", "seconds", "skipped")
    click.echo("| precision | " + " | ".join(names) + " |")
    click.echo("| --- |" + " --- |" * len(names))
    for precision, scores in results.items():
        cells = (
            "{:.3f} ± {:.3f}".format(*mean_and_error([s[n] for s in scores]))
            for n in names
        )
        click.echo(f"| {precision} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
