"""All diagnostics of a game: `diagnose` runs them, a `Diagnosis` holds them."""

import dataclasses
import time

import keras
import numpy as np

from kgan import diagnostics
from kgan.callbacks import read_metrics
from kgan.diagnostics.arrays import as_inputs, of_game, take
from kgan.diagnostics.duality_gap import DualityGap
from kgan.diagnostics.players import taken

PIXELS = 16  # a side, of pictures that are compared without a classifier
UPDATES = 200
LARGE = 32 * 32  # pixels from which on fewer updates are made, to stay within minutes
FEWEST = 50


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """What was found, and on what it rests.

    Args:
        report: The `EquilibriumReport`; its `gap` is None, and all else here, if the
            game diverged.
        value: V of the game's own discriminator.
        perturbed: The `DualityGap` of opponents that started from perturbed copies.
        birthday: The `BirthdayTest`.
        copies: The `Memorization`, or None without a test split.
        classes: The `ModeCoverage` of the classes, or None without labels.
        real: The `ModeCoverage` of the real images' classes, or None.
        fake: Samples, float32 `[N, H, W, C]`.
        notes: Sentences on what could not be done.
        seconds: How long it took.
    """

    report: diagnostics.EquilibriumReport
    notes: list
    seconds: float
    value: float | None = None
    perturbed: DualityGap | None = None
    birthday: diagnostics.BirthdayTest | None = None
    copies: diagnostics.Memorization | None = None
    classes: diagnostics.ModeCoverage | None = None
    real: diagnostics.ModeCoverage | None = None
    fake: np.ndarray | None = None

    @property
    def sentences(self):
        """The verdict, and what is to be said of copies, in plain words."""
        told = [self.report.sentence]
        if self.copies and self.copies.fires():
            told.append(
                "Memorised: samples lie nearer to the training images than held-out "
                f"ones do, and {self.copies.copies:.0%} of them as near as copies."
            )
        elif self.copies:
            told.append("Nothing shows that training images were copied.")
        return told + self.notes

    def rows(self):
        """Returns the numbers as `EquilibriumReport.rows` does."""
        rows = self.report.rows()
        if not rows:
            return rows
        rows += [
            ("own discriminator's value V", f"{self.value:.3f}", "-1.386"),
            (
                "gap from perturbed copies",
                f"{self.perturbed.gap:.3f}",
                f"≤ {self.report.max_gap:g}",
            ),
        ]
        if self.copies:
            rows.append(
                ("as near as copies", f"{self.copies.copies:.3f}", "about 0.010")
            )
        if self.classes:
            rows += [
                (
                    "classes that the classifier sees",
                    f"{self.classes.modes} of {self.classes.num_modes}",
                    f"{self.real.modes}",
                ),
                (
                    "reverse KL to even classes",
                    f"{self.classes.reverse_kl:.3f}",
                    f"{self.real.reverse_kl:.3f}",
                ),
            ]
        return rows


def diagnose(gan, train, test, extractor, history, options, say):
    """Runs all diagnostics.

    Args:
        gan: The compiled `kgan.GAN`.
        train: The `Samples` that it was trained on.
        test: Held-out `Samples`, or None: then `train` stands in.
        extractor: Of `kgan.metrics.features`, or None.
        history: Dict of lists with the losses, or None.
        options: Dict of `num_samples`, `steps` and `seed`.
        say: Called with lines about what is going on.

    Returns:
        A `Diagnosis`.
    """
    began = time.perf_counter()
    num_samples, steps, seed = (options[k] for k in ("num_samples", "steps", "seed"))
    held_out = train if test is None else test
    order = np.random.default_rng(seed).permutation(len(held_out))
    real = as_inputs(held_out.subset(order[: 2 * num_samples]), "real")
    real = of_game(gan, real)
    features = pixels if extractor is None else extractor.features
    classifier = extractor if hasattr(extractor, "predict") else None
    notes = _notes(test, extractor)
    say(f"Training opponents of both players, {_minutes(estimate(gan, steps))} …")
    report = diagnostics.equilibrium_report(
        gan, tuple(real), history, features, num_samples, steps, seed=seed
    )
    if report.gap is None:
        return Diagnosis(report, notes, time.perf_counter() - began)
    say("Training them again from perturbed copies …")
    perturbed = diagnostics.duality_gap(
        gan, tuple(real), perturbed=True, steps=steps // 2, seed=seed
    )
    say("Looking for duplicates and copies …")
    real = take(real, slice(num_samples))
    fake = [gan.generate(len(real[0]), *real[1:], seed=seed), *real[1:]]
    points, real_points = features(fake[0]), features(real[0])
    return Diagnosis(
        report,
        notes,
        value=diagnostics.value_function(gan.discriminator, tuple(real), tuple(fake)),
        perturbed=perturbed,
        birthday=diagnostics.birthday_test(points, real_points),
        copies=_copies(points, real_points, train, test, features, notes),
        classes=classifier and _classes(classifier, fake[0]),
        real=classifier and _classes(classifier, real[0]),
        fake=fake[0],
        seconds=time.perf_counter() - began,
    )


def updates(shape):
    """Returns how many updates opponents get by default, by the size of an image."""
    return int(max(FEWEST, UPDATES * min(1, LARGE / np.prod(shape[:2]))))


def estimate(gan, steps):
    """Returns about how many seconds the opponents of `diagnose` train.

    An update is three passes; the discriminators see 256 samples in each.
    """
    labels = [np.zeros(128, np.int64)] if gan.conditional else []
    z = np.zeros((128, gan.latent_dim), np.float32)
    x = np.zeros((128, *gan.discriminator.inputs[0].shape[1:]), np.float32)
    generator = _seconds(gan.generator, [z, *labels])
    discriminator = _seconds(gan.discriminator, [x, *labels])
    # The fresh one takes all steps; the four of both gaps half as many each.
    fresh, opponent = 2 * discriminator, 2 * discriminator + generator
    return 3 * steps * (fresh + 4 * opponent / 2)


def pixels(images):
    """Returns the pixels of small versions of images, float32 `[N, d]`."""
    (images,) = as_inputs(images)
    factors = tuple(max(1, -(-side // PIXELS)) for side in images.shape[1:3])
    parts = [
        keras.ops.average_pool(part, factors, factors, padding="same")
        for part in np.array_split(images, -(-len(images) // 1000))
    ]
    return np.concatenate(parts).reshape(len(images), -1)


def history(folder, step):
    """Returns the losses in a folder's `metrics.jsonl` up to a step, or None."""
    records = [r for r in read_metrics(folder) if r["step"] <= step]
    return records and {
        name: [np.nan if r[name] is None else r[name] for r in records if name in r]
        for name in ("d_loss", "g_loss")
    }


def _notes(test, extractor):
    notes = []
    if test is None:
        notes.append(
            "There is no test split: training images stand in for held-out ones, so "
            "that a game which copies them looks sound."
        )
    if extractor is None:
        notes.append(
            "There are too few images to train a network that compares them: distances "
            "are of small versions of the pictures, which see little."
        )
    return notes


def _copies(points, held_out, train, test, features, notes):
    if test is None:
        return None
    try:
        return diagnostics.memorization(points, features(train.x), held_out)
    except ValueError as error:
        notes.append(f"Copies were not looked for: {error}".replace("\n", " "))
        return None


def _classes(classifier, images):
    return diagnostics.class_coverage(
        classifier.predict(images), classifier.num_classes
    )


def _seconds(model, inputs):
    """Returns how long a pass takes, once its graph is made."""
    inputs = taken(model, inputs)
    model.predict_on_batch(inputs)
    began = time.perf_counter()
    model.predict_on_batch(inputs)
    return time.perf_counter() - began


def _minutes(seconds):
    if seconds < 90:
        return f"about {max(10, round(seconds, -1)):.0f} seconds"
    return f"about {seconds / 60:.0f} minutes"
