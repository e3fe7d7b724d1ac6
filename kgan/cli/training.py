"""One training run in a run folder: what `kgan train` and `kgan quickstart` share."""

import dataclasses
import platform
import time

import click
import keras
import numpy as np
import tensorflow as tf

from kgan import callbacks, data
from kgan._version import __version__
from kgan.callbacks.files import replacing
from kgan.cli.files import write_json
from kgan.cli.progress import Progress
from kgan.metrics import Evaluator
from kgan.models.gan import GAN

# Samples of one evaluation during training.
EVALUATION_SAMPLES = 1000


@dataclasses.dataclass(frozen=True)
class Game:
    """What a run trains, and on what.

    Args:
        gan: The compiled model, untrained or of a checkpoint.
        samples: The `Samples`.
        config: Of `make_config`.
        evaluator: A `kgan.metrics.Evaluator`, or None.
    """

    gan: GAN
    samples: data.Samples
    config: dict
    evaluator: Evaluator | None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Args:
        steps: Steps that the model has been trained in all.
        seconds: Duration of this training.
        rate: Steps a second, evaluations and pictures included.
        interrupted: Whether a signal ended it.
        scores: Scores of the model as it is now, or None without an evaluator.
        best: Step and score of `checkpoints/best.keras`, or None.
    """

    steps: int
    seconds: float
    rate: float
    interrupted: bool
    scores: dict | None
    best: dict | None


def make_config(source, samples, settings, rhythm):
    """Returns what `config.json` holds of a new run.

    Args:
        source: The `--data` of the user.
        samples: The `Samples` to train on.
        settings: Of `kgan.presets.settings`.
        rhythm: Dict of `evaluate_every`, `save_every` and `sample_every`.
    """
    return {
        "preset": settings["preset"],
        "data": source,
        "dataset": samples.name,
        "num_samples": len(samples),
        "class_names": samples.class_names and list(samples.class_names),
        "licence": samples.licence,
        "settings": settings,
        **rhythm,
        "versions": {
            "kgan": __version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def fit(run, game):
    """Trains up to the configured number of steps, and leaves everything in the folder.

    Ctrl-C ends it early with all files written.

    Args:
        run: The `RunFolder`.
        game: The `Game`.

    Returns:
        An `Outcome`.
    """
    gan, config, evaluator = game.gan, game.config, game.evaluator
    settings = config["settings"]
    start, steps = int(gan.step.numpy()), settings["steps"]
    stop = callbacks.StopOnInterrupt()
    checkpoint = callbacks.Checkpoint(run.checkpoints, config["save_every"])
    watchers = [callbacks.Guard(run.checkpoints)]
    if evaluator is not None:
        every = config["evaluate_every"]
        watchers.append(callbacks.Evaluate(evaluator, every, EVALUATION_SAMPLES))
    watchers += [
        checkpoint,
        callbacks.SampleGrid(run.samples, num_samples=80, every=config["sample_every"]),
        callbacks.Curves(run.path),
        keras.callbacks.TensorBoard(run.tensorboard, write_graph=False),
        stop,
    ]
    began = time.perf_counter()
    if start < steps:
        with Progress(start, steps) as progress:
            _fit(gan, game.samples, settings, start, [*watchers, progress])
    seconds = time.perf_counter() - began
    with replacing(run.model) as path:
        gan.save(path)
    done = int(gan.step.numpy())
    scores = None
    if evaluator is not None and not stop.interrupted:
        click.echo("Scoring the samples …", err=True)
        conditional = gan.num_classes is not None
        scores = evaluator.evaluate(gan.generate, EVALUATION_SAMPLES, conditional)
        write_json(run.scores, {"step": done, **scores})
    return Outcome(
        steps=done,
        seconds=seconds,
        rate=(done - start) / seconds if done > start else 0.0,
        interrupted=stop.interrupted,
        scores=scores,
        best=checkpoint.best,
    )


def _fit(gan, samples, settings, start, watchers):
    # Logs are means over an epoch of Keras: short ones make curves of many points.
    interval = min(100, max(1, settings["steps"] // 20))
    batch_size = settings["batch_size"]
    position = start * batch_size * gan.discriminator_steps.most
    batches = data.batches(
        samples, batch_size, seed=settings["seed"], start=position, repeat=True
    )
    first_epoch = start // interval
    gan.fit(
        batches,
        steps_per_epoch=interval,
        initial_epoch=first_epoch,
        epochs=first_epoch - (start - settings["steps"]) // interval + 1,
        verbose=0,
        callbacks=[*watchers, StopAt(settings["steps"] - start)],
    )


class StopAt(keras.callbacks.Callback):
    """Ends training after a number of steps that whole epochs do not add up to."""

    def __init__(self, steps):
        super().__init__()
        self._left = steps

    def on_train_batch_end(self, batch, logs=None):
        self._left -= 1
        if not self._left:
            self.model.stop_training = True
