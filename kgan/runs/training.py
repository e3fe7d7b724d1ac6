"""Training in a run folder: what every run does between its start and its report."""

import contextlib
import dataclasses
import errno
import time

import keras
import numpy as np
import tensorflow as tf

from kgan import callbacks
from kgan._core.writing import replacing, write_json
from kgan.callbacks.stop_at import StopAt
from kgan.metrics import Evaluator
from kgan.metrics.images import enlarge
from kgan.runs.domains import PairEvaluator
from kgan.runs.drawing import write_table
from kgan.runs.durations import REPORT, SCORES, STARTUP, TRAINING, Durations
from kgan.runs.folder import read_json
from kgan.runs.hardware import Hardware
from kgan.runs.outcome import Outcome
from kgan.runs.pictures import to_levels, to_pictures
from kgan.runs.progress import Progress
from kgan.runs.scoring import Splits

# Samples of one evaluation during training.
EVALUATION_SAMPLES = 1000
# Samples that are shown beside the most similar training images.
NEAREST = 16
# Steps of a session that `--profile` records; the first ones trace and warm up.
PROFILED = (10, 15)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclasses.dataclass(frozen=True)
class Training:
    """What a run trains, on what data and on what hardware.

    Args:
        model: The compiled model, untrained or of a checkpoint.
        splits: The `Splits` of the data.
        config: Of `kgan.runs.configuration.make_config`.
        evaluator: A `kgan.metrics.Evaluator`, or a `PairEvaluator`; or None.
        hardware: The `Hardware`.
        durations: The `Durations` of the run.
    """

    model: keras.Model
    splits: Splits
    config: dict
    evaluator: Evaluator | PairEvaluator | None
    hardware: Hardware = dataclasses.field(default_factory=Hardware)
    durations: Durations = dataclasses.field(default_factory=Durations)


class _Moments(keras.callbacks.Callback):
    """Tells a `Durations` when steps begin and end; the first in the list of all."""

    def __init__(self, durations):
        super().__init__()
        self._durations, self._part = durations, STARTUP

    def on_train_begin(self, logs=None):
        self._durations.turn_to(SCORES)

    def on_train_batch_begin(self, batch, logs=None):
        self._durations.turn_to(self._part)

    def on_train_batch_end(self, batch, logs=None):
        self._part = TRAINING  # The first step, which is traced, is over.
        self._durations.turn_to(SCORES)


def fit(folder, training, say, profile=False, progress=True):
    """Trains up to the configured number of steps, and leaves everything in the folder.

    Ctrl-C ends it early with all files written; one of several workers it ends at once.

    Args:
        folder: The `RunFolder`.
        training: The `Training`.
        say: Called with lines about what is going on.
        profile: Whether to record some steps for TensorBoard's profiler.
        progress: Whether to show a progress bar.

    Returns:
        An `Outcome`; None in a worker that is not the chief.

    Raises:
        FloatingPointError: If training diverged for good.
        OSError: If the disk is full, or another worker was lost.
    """
    model, config = training.model, training.config
    evaluator, cluster = training.evaluator, training.hardware.cluster
    settings = config["settings"]
    start, steps = int(model.step.numpy()), settings["steps"]
    stop = callbacks.StopOnInterrupt()
    checkpoint = callbacks.Checkpoint(folder.checkpoints, config["save_every"])
    samples = settings["batch_size"] * model.batches_per_step
    throughput = callbacks.Throughput(samples)
    watchers = [
        _Moments(training.durations),
        callbacks.Guard(folder.checkpoints, on_nan=config["runtime"]["on_nan"]),
    ]
    if cluster.is_chief:
        watchers.append(throughput)
        if evaluator is not None:
            every = config["evaluate_every"]
            watchers.append(callbacks.Evaluate(evaluator, every, EVALUATION_SAMPLES))
        every = config["sample_every"]
        watchers += [
            keras.callbacks.LambdaCallback(
                on_train_batch_end=lambda batch, logs: folder.check_there(),
                on_train_end=lambda logs: folder.check_there(),
            ),
            checkpoint,
            callbacks.SampleGrid(folder.samples, num_samples=80, every=every),
            callbacks.Curves(folder.path),
            keras.callbacks.TensorBoard(
                folder.tensorboard,
                write_graph=False,
                profile_batch=PROFILED if profile else 0,
            ),
        ]
    if cluster.workers == 1:
        # Workers that stop at different steps would wait for each other.
        watchers.append(stop)
    if evaluator is not None and start == 0:
        say("Scoring the untrained generator and real images, for comparison …")
        with training.durations.during(SCORES):
            write_json(folder.scale, _scale(training))
    say("Tracing the first step …")
    began = time.perf_counter()
    try:
        while int(model.step.numpy()) < steps and not stop.interrupted:
            try:
                _fit(training, samples, throughput, watchers, progress)
            except callbacks.RolledBack as event:
                say(str(event))
        if not cluster.is_chief:
            training.hardware.wait_for_all()
            return None
        seconds = time.perf_counter() - began
        with replacing(folder.model) as path:
            model.save(path)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OSError(
            f"{error}\nWith more room on the disk, go on by\n  {folder.resume_command}"
        ) from error
    except tf.errors.OpError as error:
        if cluster.workers == 1:
            raise
        raise ConnectionError(
            f"Another worker of the run was lost ({type(error).__name__}). Start all "
            "workers again with --resume: they go on from the last checkpoint, "
            f"{callbacks.latest_checkpoint(folder.checkpoints)}."
        ) from error
    done = int(model.step.numpy())
    scores = None
    if evaluator is not None and not stop.interrupted:
        say("Scoring the samples …")
        scores = evaluator.evaluate(
            model.generate, EVALUATION_SAMPLES, conditional=model.knows_classes
        )
        write_json(folder.scores, {"step": done, **scores})
        _write_nearest(folder.nearest, training)
    training.durations.turn_to(REPORT)
    return Outcome(
        steps=done,
        seconds=seconds,
        rate=(done - start) / seconds if done > start else 0.0,
        interrupted=stop.interrupted,
        scores=scores,
        best=checkpoint.best,
        throughput=throughput.last,
        durations=training.durations.seconds,
        scale=read_scale(folder, config),
    )


def read_scale(folder, config):
    """Returns what scores of a run are to be compared with, a dict.

    `untrained`: scores of the untrained generator, `real`: those of real images, both
    of `num_samples`. Empty where the run was not scored from its start on.

    Args:
        folder: The `RunFolder`.
        config: What its `config.json` holds. Of a quickstart of an earlier version it
            has what `scale.json` has of others.
    """
    return read_json(folder.scale) or config.get("quickstart", {})


def _scale(training):
    evaluator, model = training.evaluator, training.model
    untrained = evaluator.score(
        model.generate, EVALUATION_SAMPLES, conditional=model.knows_classes
    )
    real = training.splits.real_scores(evaluator, EVALUATION_SAMPLES)
    return {"num_samples": EVALUATION_SAMPLES, "untrained": untrained, "real": real}


def _write_nearest(path, training):
    """Writes samples, and below each the training image that is most similar."""
    samples = training.model.generate(NEAREST)
    samples = keras.tree.map_structure(to_levels, samples)
    neighbors = training.splits.nearest(training.evaluator, samples)
    below = to_pictures(neighbors)
    # A game that grows may make smaller images still.
    above = enlarge(to_pictures(samples), below.shape[1:])
    write_table(path, np.stack([above, below]))


def _fit(training, samples_per_step, throughput, watchers, progress):
    model, settings = training.model, training.config["settings"]
    start, steps = int(model.step.numpy()), settings["steps"]
    # Logs are means over an epoch of Keras: short ones make curves of many points.
    interval = min(100, max(1, steps // 20))
    batches = training.splits.batches(
        settings["batch_size"],
        settings["seed"],
        start * samples_per_step,
        settings.get("balanced", False),
        settings.get("flip", "none"),
    )
    if training.hardware.strategy is None:
        batches = throughput.watch(batches)
    first_epoch = start // interval
    shown = progress and training.hardware.cluster.is_chief
    with Progress(start, steps) if shown else contextlib.nullcontext() as bar:
        model.fit(
            batches,
            steps_per_epoch=interval,
            initial_epoch=first_epoch,
            epochs=first_epoch - (start - steps) // interval + 1,
            verbose=0,
            callbacks=[*watchers, *([bar] if bar else []), StopAt(steps)],
        )
