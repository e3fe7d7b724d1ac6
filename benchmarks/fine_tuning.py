"""Steps from other classes' weights against steps from scratch, on few images.

    python benchmarks/fine_tuning.py --steps 3000 --seeds 0

Trains on the images of five classes of Fashion-MNIST, goes on with 500 images of the
other five, and trains on these alone; prints the Fréchet distance to held-out images at
equal steps, and at which share of the steps fine-tuning reaches what scratch ends at.
"""

import click
import numpy as np

import kgan

SOURCE = (0, 2, 4, 6, 8)  # tops and bags; the others are trousers, dresses and shoes
EVALUATIONS = 12


def curve(gan, samples, evaluator, steps, seed):
    """Trains, and returns the distances at `EVALUATIONS` equally distant steps."""
    batches = kgan.data.batches(samples, 64, seed=seed, repeat=True)
    evaluate = kgan.callbacks.Evaluate(evaluator, every=steps // EVALUATIONS)
    gan.fit(batches, steps_per_epoch=steps, verbose=0, callbacks=[evaluate])
    return [round(scores["fd"], 2) for scores in evaluate.scores]


@click.command()
@click.option("--preset", default="dcgan-sn")
@click.option("--source-steps", default=3000)
@click.option("--steps", default=3000)
@click.option("--images", default=500)
@click.option("--freeze", default=0)
@click.option("--ema-decay", default=0.999)
@click.option("--seeds", default="0,1,2")
def main(preset, source_steps, steps, images, freeze, ema_decay, seeds):
    train = kgan.data.read("fashion_mnist:embedded")
    test = kgan.data.read("fashion_mnist:embedded", "test")
    others = ~np.isin(train.y, SOURCE)
    rest = test.subset(~np.isin(test.y, SOURCE))
    classifier = kgan.metrics.Classifier.for_data(train.x, train.y, test.x, test.y)
    evaluator = kgan.metrics.Evaluator(classifier, rest.x, metrics=["fd"])
    few = train.subset(np.flatnonzero(others)[:images]).without_labels()
    many = train.subset(~others).without_labels()
    for seed in map(int, seeds.split(",")):
        options = {"seed": seed, "ema_decay": ema_decay}
        scratch = kgan.from_preset(preset, train.shape, **options)
        alone = curve(scratch, few, evaluator, steps, seed)
        source = kgan.from_preset(preset, train.shape, **options)
        batches = kgan.data.batches(many, 64, seed=seed, repeat=True)
        source.fit(batches, steps_per_epoch=source_steps, verbose=0)
        fine = kgan.fine_tune(source, freeze_discriminator=freeze)
        tuned = curve(fine, few, evaluator, steps, seed)
        goal = min(alone)
        reached = next((i for i, fd in enumerate(tuned, 1) if fd <= goal), None)
        at = alone.index(goal) + 1
        click.echo(f"seed {seed}\n  scratch     {alone}\n  fine-tuned  {tuned}")
        share = "never" if reached is None else f"{reached / at:.2f} of the steps"
        click.echo(f"  scratch's best, {goal}, is reached in {share}")


if __name__ == "__main__":
    main()
