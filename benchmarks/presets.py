"""All presets on one data set, each having seen the same number of real images.

Tables: of every preset, the Fréchet distance by the data set's judge, the agreement of
labels, seconds and parameters; of `infogan`, how pure the classes of its codes are; of
`sgan`, what its classifier of few labels knows, beside the same one without the game.
Presets that grow follow a schedule of their own: they are left out.

    python benchmarks/presets.py --data fashion_mnist --images 600000
    python benchmarks/presets.py --presets dcgan,infogan --images 64000
"""

import time

import click
import keras
import numpy as np
from scipy.optimize import linear_sum_assignment

import kgan


def build(name, train, images, seed):
    """Returns the game of a preset, and its settings and steps for so many images."""
    settings = kgan.presets.settings(name, train.shape, train.num_classes, seed)
    game = kgan.presets.build(settings)
    per_step = settings["batch_size"] * game.discriminator_steps.most
    steps = max(1, images // per_step)
    settings["steps"] = steps  # over which learning rates fall
    return kgan.presets.build(settings), settings


def play(game, settings, train):
    """Trains a game; returns the seconds that it took."""
    batches = kgan.data.batches(
        train, settings["batch_size"], seed=settings["seed"], repeat=True
    )
    began = time.perf_counter()
    game.fit(batches, steps_per_epoch=settings["steps"], verbose=0)
    return time.perf_counter() - began


def preset_row(name, train, evaluator, images, seed):
    """Prints a preset's row; returns its game."""
    game, settings = build(name, train, images, seed)
    seconds = play(game, settings, train)
    count = len(evaluator.real)
    scores = evaluator.score(game.generate, count, conditional=game.knows_classes)
    agreement = f"{scores['agreement']:.3f}" if "agreement" in scores else "–"
    sizes = [p.count_params() / 1e6 for p in (game.generator, game.discriminator)]
    click.echo(
        f"| {name} | {scores['fd']:.2f} | {agreement} | {seconds:.0f} | "
        f"{sizes[0]:.2f} + {sizes[1]:.2f} |"
    )
    return game


def purity(game, judge, count):
    """Share of samples of the class that their code is matched with, one to one."""
    codes = np.arange(count) % game.num_classes
    classes = judge.predict(game.generate(count, labels=codes))
    table = np.zeros((game.num_classes, judge.num_classes))
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
@click.option("--presets", "names", help="By default all that do not grow.")
@click.option("--data", default="digits", show_default=True)
@click.option("--images", default=192_000, show_default=True, help="Real images seen.")
@click.option("--labels", default=100, show_default=True, help="Labels of SGAN.")
@click.option("--seed", default=0, show_default=True)
def main(names, data, images, labels, seed):
    train, test = (kgan.data.read(data, split) for split in ("train", "test"))
    judge = kgan.metrics.Judge.for_data(train.x, train.y, test.x, test.y)
    evaluator = kgan.metrics.Evaluator(judge, test.x, test.y)
    names = names.split(",") if names else list(kgan.presets.names())
    click.echo(
        f"{data}, {images} real images seen, judge's accuracy {judge.accuracy:.3f}\n\n"
        "| preset | Fréchet distance | agreement | seconds | million parameters |\n"
        "| --- | --- | --- | --- | --- |"
    )
    games = {}
    for name in names:
        settings = kgan.presets.settings(name, train.shape, train.num_classes)
        if settings["model"] != "progressive":
            games[name] = preset_row(name, train, evaluator, images, seed)
    for name in games:
        if name.startswith("infogan"):
            share = purity(games[name], judge, 1000)
            click.echo(f"\nPurity of the codes of {name}: {share:.3f}")
    if "sgan" in games:
        game, alone = few_labels(train, test, labels, images, seed)
        click.echo(
            f"\nTest accuracy with {labels} labels: {game:.3f} in the game, "
            f"{alone:.3f} without"
        )


if __name__ == "__main__":
    main()
