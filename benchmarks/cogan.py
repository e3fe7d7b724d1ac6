"""What weight sharing does for pairs: digits against inverted digits, unpaired.

A row a number of shared stages (all but one of each player's, as in the paper, and
none): the share of generated pairs in which the classifier of digits finds the same
class in the one image and in the other, inverted back. The domains hold different
digits.

    python benchmarks/cogan.py --steps 3000
"""

import time

import click
import numpy as np

import kgan


@click.command()
@click.option("--steps", default=3000, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--samples", default=1000, show_default=True)
@click.option("--shared", type=click.Choice(["both", "yes", "no"]), default="both")
def main(steps, seed, samples, shared):
    train, test = (kgan.data.read("digits", split) for split in ("train", "test"))
    classifier = kgan.metrics.Classifier.for_data(train.x, train.y, test.x, test.y)
    x = train.x / np.float32(127.5) - 1
    half = len(x) // 2
    print(f"classifier: {classifier.accuracy:.3f} correct\n")
    print("| shared stages | pairs of one class | classes found | seconds |")
    print("| --- | --- | --- | --- |")
    for name, stages in (("all but one", {}), ("none", {"shared": 0})):
        if shared == ("no" if name != "none" else "yes"):
            continue
        gan = kgan.from_preset(
            "cogan-small",
            (8, 8, 1),
            seed=seed,
            steps=steps,
            generator=stages,
            discriminator=stages,
        )
        began = time.perf_counter()
        gan.fit((x[:half], -x[half:]), steps_per_epoch=steps, verbose=0)
        seconds = time.perf_counter() - began
        pairs = gan.generate(samples, seed=seed)
        first, second = (classifier.predict(y) for y in (pairs["a"], -pairs["b"]))
        agreement, found = (first == second).mean(), len(np.unique(first))
        print(f"| {name} | {agreement:.3f} | {found} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
