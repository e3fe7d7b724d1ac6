"""An experiment of the laboratory in a folder of its own: what `kgan lab` does."""

import math
import time

import keras

from kgan import callbacks
from kgan._core.writing import replacing, write_json
from kgan.lab.scenes import Recorder, animate, scene_of
from kgan.runs.progress import Progress


def play(experiment, folder, frames, say):
    """Trains, draws, saves and scores an experiment; Ctrl-C ends the training early.

    Args:
        experiment: A `kgan.lab.Experiment`.
        folder: Where all files go, a `Path`.
        frames: Frames of the animation.
        say: Called with lines about what is going on.

    Returns:
        A dict of how it went: `steps`, `seconds`, `rate`, `interrupted`, `scores`, and
        the `meanings` of these.
    """
    gan, steps = experiment.gan, experiment.settings["steps"]
    scene = scene_of(experiment)
    recorder = Recorder(scene, steps, frames)
    stop = callbacks.StopOnInterrupt()
    # Not before: data that does not fit leaves no folder.
    begin = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: write_json(
            folder / "config.json", experiment.settings
        )
    )
    began = time.perf_counter()
    with Progress(0, steps) as progress:
        experiment.fit([begin, recorder, callbacks.Curves(folder), stop, progress])
    seconds = time.perf_counter() - began
    with replacing(folder / "model.keras") as path:
        gan.save(path)
    say("Drawing and judging …")
    animate(scene, recorder.frames, folder, frames)
    scores = {
        key: value if math.isfinite(value) else None
        for key, value in experiment.scores().items()
    }
    done = int(gan.step.numpy())
    write_json(folder / "scores.json", {"step": done, **scores})
    return {
        "steps": done,
        "seconds": seconds,
        "rate": done / seconds,
        "interrupted": stop.interrupted,
        "scores": scores,
        "meanings": experiment.target.meanings,
    }
