"""One training run in a run folder: what `kgan train` and `kgan quickstart` share."""

import contextlib
import dataclasses
import errno
import time

import click
import keras
import tensorflow as tf

from kgan import callbacks, data
from kgan._core.files import replacing
from kgan.callbacks.stop_at import StopAt
from kgan.cli.domains import Domains, PairEvaluator
from kgan.cli.files import write_json
from kgan.cli.hardware import Hardware
from kgan.cli.progress import Progress
from kgan.metrics import Evaluator
from kgan.models.cogan import unpaired
from kgan.models.gan import GAN

# Samples of one evaluation during training.
EVALUATION_SAMPLES = 1000
# Steps of a session that `--profile` records; the first ones trace and warm up.
PROFILED = (10, 15)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclasses.dataclass(frozen=True)
class Game:
    """What a run trains, on what data and on what hardware.

    Args:
        gan: The compiled model, untrained or of a checkpoint.
        samples: The `Samples`, or the `Domains`.
        config: Of `kgan.cli.prepare.make_config`.
        evaluator: A `kgan.metrics.Evaluator`, or a `PairEvaluator`; or None.
        hardware: The `Hardware`.
    """

    gan: GAN
    samples: data.Samples | Domains
    config: dict
    evaluator: Evaluator | PairEvaluator | None
    hardware: Hardware = dataclasses.field(default_factory=Hardware)


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
        throughput: What `kgan.callbacks.Throughput` measured last.
    """

    steps: int
    seconds: float
    rate: float
    interrupted: bool
    scores: dict | None
    best: dict | None
    throughput: dict


def fit(run, game, profile=False):
    """Trains up to the configured number of steps, and leaves everything in the folder.

    Ctrl-C ends it early with all files written; one of several workers it ends at once.

    Args:
        run: The `RunFolder`.
        game: The `Game`.
        profile: Whether to record some steps for TensorBoard's profiler.

    Returns:
        An `Outcome`; None in a worker that is not the chief.

    Raises:
        FloatingPointError: If training diverged for good.
        OSError: If the disk is full, or another worker was lost.
    """
    gan, config, evaluator = game.gan, game.config, game.evaluator
    cluster = game.hardware.cluster
    settings = config["settings"]
    start, steps = int(gan.step.numpy()), settings["steps"]
    stop = callbacks.StopOnInterrupt()
    checkpoint = callbacks.Checkpoint(run.checkpoints, config["save_every"])
    samples = settings["batch_size"] * gan.discriminator_steps.most
    throughput = callbacks.Throughput(samples)
    watchers = [callbacks.Guard(run.checkpoints, on_nan=config["runtime"]["on_nan"])]
    if cluster.is_chief:
        watchers.append(throughput)
        if evaluator is not None:
            every = config["evaluate_every"]
            watchers.append(callbacks.Evaluate(evaluator, every, EVALUATION_SAMPLES))
        every = config["sample_every"]
        watchers += [
            checkpoint,
            callbacks.SampleGrid(run.samples, num_samples=80, every=every),
            callbacks.Curves(run.path),
            keras.callbacks.TensorBoard(
                run.tensorboard,
                write_graph=False,
                profile_batch=PROFILED if profile else 0,
            ),
        ]
    if cluster.workers == 1:
        # Workers that stop at different steps would wait for each other.
        watchers.append(stop)
    began = time.perf_counter()
    try:
        while int(gan.step.numpy()) < steps and not stop.interrupted:
            try:
                _fit(game, samples, throughput, watchers)
            except callbacks.RolledBack as event:
                click.echo(event, err=True)
        if not cluster.is_chief:
            game.hardware.wait_for_all()
            return None
        seconds = time.perf_counter() - began
        with replacing(run.model) as path:
            gan.save(path)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OSError(
            f"{error}\nWith more room on the disk, go on by\n  {run.resume_command}"
        ) from error
    except tf.errors.OpError as error:
        if cluster.workers == 1:
            raise
        raise ConnectionError(
            f"Another worker of the run was lost ({type(error).__name__}). Start all "
            "workers again with --resume: they go on from the last checkpoint, "
            f"{callbacks.latest_checkpoint(run.checkpoints)}."
        ) from error
    done = int(gan.step.numpy())
    scores = None
    if evaluator is not None and not stop.interrupted:
        click.echo("Scoring the samples …", err=True)
        scores = evaluator.evaluate(
            gan.generate, EVALUATION_SAMPLES, conditional=gan.knows_classes
        )
        write_json(run.scores, {"step": done, **scores})
    return Outcome(
        steps=done,
        seconds=seconds,
        rate=(done - start) / seconds if done > start else 0.0,
        interrupted=stop.interrupted,
        scores=scores,
        best=checkpoint.best,
        throughput=throughput.last,
    )


def _fit(game, samples_per_step, throughput, watchers):
    gan, settings = game.gan, game.config["settings"]
    start, steps = int(gan.step.numpy()), settings["steps"]
    # Logs are means over an epoch of Keras: short ones make curves of many points.
    interval = min(100, max(1, steps // 20))
    batches = _batches(game.samples, settings, start * samples_per_step)
    if game.hardware.strategy is None:
        batches = throughput.watch(batches)
    first_epoch = start // interval
    is_chief = game.hardware.cluster.is_chief
    with Progress(start, steps) if is_chief else contextlib.nullcontext() as progress:
        gan.fit(
            batches,
            steps_per_epoch=interval,
            initial_epoch=first_epoch,
            epochs=first_epoch - (start - steps) // interval + 1,
            verbose=0,
            callbacks=[
                *watchers,
                *([progress] if progress else []),
                StopAt(steps),
            ],
        )


def _batches(samples, settings, start):
    """Returns the endless data set of a run, from a position on."""
    size, seed = settings["batch_size"], settings["seed"]
    if isinstance(samples, Domains):
        return unpaired(*samples.unpaired(), size, seed, start)
    balanced = settings["balanced"]
    return data.batches(
        samples, size, seed=seed, start=start, repeat=True, balanced=balanced
    )
