"""All presets on one data set, each having seen the same number of real images.

Tables: of every preset, the Fréchet distance by the data set's classifier, the
agreement of labels, seconds and parameters; of `infogan`, how pure the classes of its
codes are; of `sgan`, what its classifier of few labels knows, beside the same one
without the game. The pairs of `cogan` are of images and inverted ones; the first of
each is judged.

    python benchmarks/presets.py --data fashion_mnist --images 600000 --pictures runs
    python benchmarks/presets.py --presets gan-2014,dcgan --unconditional
"""

import time
from pathlib import Path

import click
import keras
import numpy as np
from PIL import Image
from scipy.optimize import linear_sum_assignment

import kgan

# Made for images of 1024×1024 and for GPUs, with small variants beside them.
LARGE = ("progressive", "cogan")


def build(name, train, images, seed):
    """Returns the game of a preset, and its settings and steps for so many images."""
    settings = kgan.presets.settings(name, train.shape, train.num_classes, seed)
    game = kgan.presets.build(settings)
    if settings["model"] == "progressive":
        part = images // len(game.phases)
        settings["growth"] |= {"fade_images": part, "steady_images": part}
        settings["steps"] = kgan.presets.build(settings).schedule_steps
    else:
        per_step = settings["batch_size"] * game.discriminator_steps.most
        settings["steps"] = max(1, images // per_step)  # over which learning rates fall
    return kgan.presets.build(settings), settings


def play(game, settings, train):
    """Trains a game; returns the seconds that it took."""
    size = settings["batch_size"]
    if settings["model"] == "cogan":
        x = train.x / np.float32(127.5) - 1
        half = len(x) // 2
        data, options = (x[:half], -x[half:]), {"batch_size": size}
    else:
        data = kgan.data.batches(train, size, seed=settings["seed"], repeat=True)
        options = {}
    began = time.perf_counter()
    game.fit(data, steps_per_epoch=settings["steps"], verbose=0, **options)
    return time.perf_counter() - began


def preset_row(name, train, evaluator, images, seed, pictures):
    """Prints a preset's row and draws its samples; returns its game."""
    game, settings = build(name, train, images, seed)
    seconds = play(game, settings, train)

    def generate(*args, **options):
        samples = game.generate(*args, **options)
        return samples["a"] if isinstance(samples, dict) else samples

    conditional = game.knows_classes
    scores = evaluator.score(generate, len(evaluator.real), conditional)
    agreement = f"{scores['agreement']:.3f}" if "agreement" in scores else "–"
    sizes = [p.count_params() / 1e6 for p in (game.generator, game.discriminator)]
    click.echo(
        f"| {name} | {scores['fd']:.2f} | {agreement} | {seconds:.0f} | "
        f"{sizes[0]:.2f} + {sizes[1]:.2f} |"
    )
    if pictures:
        # Classes, or what a code of InfoGAN stands for, in columns.
        labels = None if game.num_classes is None else np.arange(40) % game.num_classes
        grid = kgan.callbacks.image_grid(generate(40, labels=labels, seed=seed), 20)
        Path(pictures).mkdir(parents=True, exist_ok=True)
        Image.fromarray(grid).save(Path(pictures, f"{name}.png"))
    return game


def purity(game, classifier, count):
    """Share of samples of the class that their code is matched with, one to one."""
    codes = np.arange(count) % game.num_classes
    classes = classifier.predict(game.generate(count, labels=codes))
    table = np.zeros((game.num_classes, classifier.num_classes))
    np.add.at(table, (codes, classes), 1)
    return table[linear_sum_assignment(table, maximize=True)].sum() / count


def classifier(game):
    """Returns the model from samples to class logits inside a discriminator."""
    discriminator = game.discriminator
    return keras.Model(discriminator.inputs[0], discriminator.output["class_logits"])


def few_labels(train, test, labels, images, seed):
    """Returns test accuracies of SGAN's classifier, and of the same one alone."""
    few = train.with_few_labels(labels, seed)
    x, new = (samples.x / np.float32(127.5) - 1 for samples in (few, test))
    accuracies = []
    for in_game in (True, False):
        game, settings = build("sgan", train, images, seed)
        if in_game:
            play(game, settings, few)
        model = classifier(game)
        model.compile(
            keras.optimizers.Adam(2e-4, beta_1=0.5),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        if not in_game:
            known = few.y >= 0
            stream = kgan.data.batches(
                few.subset(known), settings["batch_size"], seed=seed, repeat=True
            )
            model.fit(stream, steps_per_epoch=settings["steps"], verbose=0)
        accuracies.append(model.evaluate(new, test.y, verbose=0)[1])
    return accuracies


@click.command()
@click.option("--presets", "names", help=f"By default all but {', '.join(LARGE)}.")
@click.option("--data", default="digits", show_default=True)
@click.option("--images", default=192_000, show_default=True, help="Real images seen.")
@click.option("--labels", default=100, show_default=True, help="Labels of SGAN.")
@click.option("--seed", default=0, show_default=True)
@click.option("--pictures", help="Folder for a picture of each preset's samples.")
@click.option("--unconditional", is_flag=True, help="Without labels.")
def main(names, data, images, labels, seed, pictures, unconditional):
    train, test = (kgan.data.read(data, split) for split in ("train", "test"))
    classifier = kgan.metrics.Classifier.for_data(train.x, train.y, test.x, test.y)
    evaluator = kgan.metrics.Evaluator(classifier, test.x, test.y)
    if unconditional:
        train = train.without_labels()
    every = [name for name in kgan.presets.names() if name not in LARGE]
    names = names.split(",") if names else every
    click.echo(
        f"{data}, {images} real images seen, "
        f"classifier's accuracy {classifier.accuracy:.3f}\n\n"
        "| preset | Fréchet distance | agreement | seconds | million parameters |\n"
        "| --- | --- | --- | --- | --- |"
    )
    games = {
        name: preset_row(name, train, evaluator, images, seed, pictures)
        for name in names
    }
    for name in games:
        if name.startswith("infogan"):
            share = purity(games[name], classifier, 1000)
            click.echo(f"\nPurity of the codes of {name}: {share:.3f}")
    if "sgan" in games:
        game, alone = few_labels(train, test, labels, images, seed)
        click.echo(
            f"\nTest accuracy with {labels} labels: {game:.3f} in the game, "
            f"{alone:.3f} without"
        )


if __name__ == "__main__":
    main()
