"""Does augmentation help where images are few? Seeds of one preset on a small subset.

Each run trains a game on the first images of Fashion-MNIST, with and without
augmentation, and is scored by the Fréchet distance to held-out images in the features
of a classifier that was trained on all of them (`fd`, lower is better). A difference
below the spread over seeds is noise.

    python benchmarks/few_images.py --images 500 --steps 4000 --seeds 3
"""

import json
import time

import click
import numpy as np

import kgan

WAYS = {
    "none": lambda: None,
    "diffaugment": kgan.augmentation.DiffAugment,
    "translation,cutout": lambda: kgan.augmentation.DiffAugment("translation,cutout"),
    "ada": lambda: kgan.augmentation.ADA(images=100_000),
    "apa": lambda: kgan.augmentation.APA(images=100_000),
}


def run(way, seed, train, options, evaluator):
    """Trains one game; returns its score, its last p and its seconds."""
    width = {"width": options["width"]}
    settings = {"generator": width, "discriminator": width, "seed": seed}
    gan = kgan.from_preset(
        options["preset"], train.shape, train.num_classes, **settings
    )
    settings = gan.compile_arguments() | {"augmentation": WAYS[way]()}
    gan.compile(**gan.optimizers, **settings)
    stream = kgan.data.batches(train, 64, seed=seed, repeat=True, flip=options["flip"])
    start = time.perf_counter()
    logs = gan.fit(stream, steps_per_epoch=options["steps"], verbose=0).history
    return {
        "fd": evaluator.score(gan.generate, 2000, conditional=True)["fd"],
        "augment_p": float(gan.controller.probability.numpy())
        if gan.controller
        else None,
        "augment_sign": logs.get("augment_sign", [None])[-1],
        "seconds": time.perf_counter() - start,
    }


@click.command()
@click.option("--data", default="fashion_mnist:embedded", show_default=True)
@click.option("--images", default=500, show_default=True)
@click.option("--steps", default=4000, show_default=True)
@click.option("--seeds", default=3, show_default=True)
@click.option("--preset", default="dcgan-sn", show_default=True)
@click.option("--width", default=32, show_default=True)
@click.option("--flip", default="none", show_default=True)
@click.option("--way", "chosen", multiple=True, type=click.Choice(list(WAYS)))
def main(data, images, seeds, chosen, **options):
    """Prints one line of JSON a run, then a table."""
    train, test = (kgan.data.read(data, split) for split in ("train", "test"))
    classifier = kgan.metrics.Classifier.for_data(train.x, train.y, test.x, test.y)
    evaluator = kgan.metrics.Evaluator(classifier, test.x, test.y, ["fd"])
    few = train.subset(slice(0, images))
    results = {way: [] for way in chosen or WAYS}
    for seed in range(seeds):
        for way, found in results.items():  # in turn: the machine may be shared
            found.append(run(way, seed, few, options, evaluator))
            print(json.dumps({"way": way, "seed": seed, **found[-1]}), flush=True)
    for way, found in results.items():
        scores = [one["fd"] for one in found]
        spread = np.std(scores, ddof=1) if seeds > 1 else np.nan
        print(f"{way:20} fd {np.mean(scores):8.2f}, over seeds ± {spread:.2f}")


if __name__ == "__main__":
    main()
