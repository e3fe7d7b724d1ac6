"""Starting runs and going on with them.

`train`, `resume` and `quickstart` are for Python users; `start` and `go_on` take the
same as a dict of options, as the command line has them. TensorFlow loads only after
what can be checked without it.
"""

import dataclasses
import os
from pathlib import Path

import numpy as np

from kgan import presets
from kgan._core.named_data import check_source
from kgan._core.quiet import import_tensorflow
from kgan.runs.cluster import Cluster, read_cluster
from kgan.runs.durations import Durations
from kgan.runs.execution import choose
from kgan.runs.few_images import check_augmentation, recommendation
from kgan.runs.folder import RunFolder, default_folder
from kgan.runs.run import Run
from kgan.runs.say import silent

# Settings of presets that have arguments, or options, of their own.
_SETTINGS = (
    "steps",
    "batch_size",
    "precision",
    "gradient_accumulation_steps",
    "flip",
)
_LOADING = "Loading TensorFlow …"
# Second domains that are made of the first.
MADE_DOMAINS = ("inverted", "edges")
# A fixed number, not a time, so that the run repeats: some two minutes on two cores.
QUICKSTART_STEPS = 3000


def train(
    preset,
    data,
    out=None,
    *,
    steps=None,
    batch_size=None,
    image_shape=None,
    value_range=None,
    seed=None,
    unconditional=False,
    data_b=None,
    init=None,
    freeze_discriminator=None,
    freeze_generator=None,
    evaluate_every=None,
    features=None,
    save_every=None,
    sample_every=None,
    strategy=None,
    devices=None,
    precision=None,
    gradient_accumulation_steps=None,
    flip=None,
    augment=None,
    deterministic=False,
    on_nan=None,
    profile=False,
    progress=True,
    say=None,
    **settings,
):
    """Trains a preset on a data set, in a run folder, as `kgan train` does.

    Ctrl-C, or a notebook's stop button, finishes the running step, saves a checkpoint
    and returns the `Run` with `interrupted` set; `kgan.runs.resume` goes on with it. A
    second one raises `KeyboardInterrupt` at once.

    Args:
        preset: Name of a preset; `kgan.presets.names()` lists them. With `init`, None
            takes that of the model.
        data: As for `kgan.data.read`: a name, a folder, an `.npz` file, an array `x` or
            a tuple `(x, y)`.
        out: The run folder, new or empty; by default `runs/PRESET-DATA`.
        steps: Steps in all; by default the preset's.
        batch_size: Samples a batch; by default the preset's.
        image_shape: `(height, width, channels)` to which images are brought; by default
            that of the data. "auto" finds one that fits the pictures of a folder.
        value_range: `(low, high)` of the values of arrays and of `.npz` files, which
            become [-1, 1]; by default found by the rule of `kgan.data.from_arrays`.
        seed: Integer from which initial weights and all random numbers derive; 0 by
            default.
        unconditional: Whether to leave labels out of the training.
        data_b: For presets of two domains the second one, as `data`; or "inverted" or
            "edges", which makes it of every other image of `data`.
        init: Fine-tuning: a run folder or a `.keras` file, from whose weights the run
            starts where they fit, as in `kgan.fine_tune`.
        freeze_discriminator: With `init`, number of layers from the image on that stay
            as they are.
        freeze_generator: Likewise, from the code on.
        evaluate_every: Steps between scores; 0 for none. By default ten times a run.
        features: Name of what sees the images for the scores: see
            `kgan.metrics.features.open`. By default "classifier" for labelled data,
            else "self-supervised".
        save_every: Steps between checkpoints; by default ten times a run, at most 1000.
        sample_every: Steps between pictures; by default twenty times a run.
        strategy: "none", "mirrored" or "multiworker"; by default what `devices` and
            `TF_CONFIG` ask for.
        devices: A number of devices of this machine, or names as `["gpu:0", "gpu:2"]`.
        precision: "float32", "mixed_bfloat16" or "mixed_float16"; by default the
            preset's.
        gradient_accumulation_steps: Parts in which a batch is computed, to need less
            memory.
        flip: Axes in which training images are flipped, each with probability ½: "x"
            from left to right, "y" upside down or "xy"; or "none". By default the
            preset's.
        augment: What changes all that the discriminator sees: "diffaugment", "ada" or
            "apa"; or "none". By default the preset's. `augmentation={"policy": …}` sets
            its arguments.
        deterministic: Whether to repeat bit for bit, on a GPU too.
        on_nan: When training diverges: "stop", the default, or "rollback" to the last
            checkpoint with half the learning rates.
        profile: Whether to record some steps for TensorBoard's profiler.
        progress: Whether to show a progress bar, on standard error or in the notebook.
        say: Called with each line about what is going on, such as `print`. None is
            silent.
        **settings: Values that replace the preset's, as in `kgan.from_preset`, such as
            `loss="hinge"` or `generator={"width": 32}`.

    Returns:
        The `Run`; None in a worker that is not the chief.

    Raises:
        ValueError: If the folder is in use, or preset, data and settings do not exist
            or fit. Nothing was written then.
        FloatingPointError: If training diverged for good.
        OSError: If the disk is full, or another worker was lost.

    Example:

    >>> run = kgan.runs.train("dcgan-sn", "fashion_mnist", out="runs/a", steps=3000)
    >>> run.scores["fd"]
    8.1
    """
    options = dict(locals())
    for name in ("out", "profile", "progress", "say"):
        del options[name]
    return start(out, options, profile, progress, say)


def resume(
    path,
    *,
    steps=None,
    override=False,
    profile=False,
    progress=True,
    say=None,
    **options,
):
    """Goes on with a run where its last checkpoint stopped, as `kgan train --resume`.

    On a CPU the weights become those of a run that was never stopped.

    Args:
        path: The run folder, or a `Run`.
        steps: Steps in all, to train longer than was planned.
        override: Whether learning rates, devices and `gradient_accumulation_steps` may
            be changed.
        profile: As in `kgan.runs.train`, as are `progress` and `say`.
        **options: As in `kgan.runs.train`. They must be as they were, apart from
            `evaluate_every`, `save_every`, `sample_every` and `on_nan`; arrays must be
            passed again as `data`.

    Returns:
        The `Run`, as in `kgan.runs.train`.

    Raises:
        ValueError: If settings or data differ; the message lists what does.

    Example:

    >>> run = kgan.runs.resume("runs/a", steps=5000)
    """
    known = {"preset", "data", *train.__kwdefaults__}
    settings = {name: options.pop(name) for name in set(options) - known}
    options |= {"steps": steps, "settings": settings}
    return go_on(path, options, override, profile, progress, say)


def quickstart(out="runs/quickstart", steps=None, seed=0, *, progress=True, say=None):
    """Does the whole job on pictures of clothes, in minutes: see `kgan quickstart`.

    Trains a class-conditional GAN on 9,000 images that come with kgan, scores it,
    exports it to ONNX and SavedModel, and writes a report.

    Args:
        out: The run folder, new or empty.
        steps: Generator updates; 3,000 by default.
        seed: Integer from which initial weights and all random numbers derive.
        progress: As in `kgan.runs.train`, as is `say`.

    Returns:
        The `Run`. `run.outcome` has the scores before training and the exports.

    Example:

    >>> run = kgan.runs.quickstart("runs/clothes")
    """
    durations = Durations()
    say, steps = say or silent, steps or QUICKSTART_STEPS
    folder = RunFolder(out)
    folder.check_free()
    say(_LOADING)
    import_tensorflow()
    from kgan.runs import quickstart_recipe as recipe
    from kgan.runs.hardware import Hardware
    from kgan.runs.preparation import new_training

    options = {"preset": recipe.PRESET, "data": recipe.DATA, "seed": seed}
    options["settings"] = recipe.SETTINGS | {"steps": steps}
    execution = choose({}, Cluster())
    try:
        training = new_training(folder, options, execution, Hardware(), say, durations)
        recipe.begin(folder, training)
        say(f"Training {recipe.PRESET} for {steps} steps …")
        return _train(folder, training, False, progress, say)
    finally:
        folder.release()


def start(out, options, profile=False, progress=True, say=None):
    """Starts a run; see `train`.

    Args:
        out: The run folder, or None.
        options: Dict of the other arguments of `train`, with `settings` as a dict; what
            is None or False was not given.
        profile: As in `train`, as are `progress` and `say`.

    Returns:
        The `Run`, or None in a worker that is not the chief.
    """
    durations = Durations()
    say, options, cluster = say or silent, _gather(options), read_cluster()
    folder = folder_of(out, options)
    if cluster.is_chief:
        folder.check_free()
    # Also raises for what is mistyped, before TensorFlow is loaded.
    if "preset" in options:
        check_augmentation(options["preset"], options["settings"])
        presets.settings(options["preset"], (), **options["settings"])
    for name, made in (("data", ()), ("data_b", MADE_DOMAINS)):
        if isinstance(options.get(name), str):
            check_source(options[name], name, made)
    execution = choose(options, cluster)
    devices = _load(execution, cluster, say)
    from kgan.runs.preparation import new_training

    try:
        training = new_training(folder, options, execution, devices, say, durations)
        advice = recommendation(
            len(training.splits.train), training.config["settings"], options["settings"]
        )
        if advice:
            say(advice)
        return _train(folder, training, profile, progress, say)
    finally:
        folder.release()


def go_on(path, options, override=False, profile=False, progress=True, say=None):
    """Goes on with a run; see `resume`.

    Args:
        path: The run folder.
        options: As for `start`.
        override: As in `resume`, as are `profile`, `progress` and `say`.

    Returns:
        The `Run`, or None in a worker that is not the chief.
    """
    durations = Durations()
    say, options, cluster = say or silent, _gather(options), read_cluster()
    folder = RunFolder(path)
    config = folder.read_config()
    execution = choose(options, cluster, config.get("runtime"))
    try:
        if cluster.is_chief:
            folder.acquire()
        devices = _load(execution, cluster, say)
        from kgan.runs.preparation import resumed_training

        training = resumed_training(
            folder, config, options, execution, devices, say, durations, override
        )
        return _train(folder, training, profile, progress, say)
    finally:
        folder.release()


def folder_of(out, options):
    """Returns the `RunFolder` at `out`; None stands for the default of the options."""
    if out is None:
        data = [options.get(name) for name in ("data", "data_b")]
        init = Path(options.get("init") or "run").expanduser().resolve()
        what = options.get("preset") or init.stem
        out = default_folder(what, *(d for d in data if d is not None))
    return RunFolder(out)


def _gather(options):
    """Returns the options that were given, those of the preset under `settings`."""
    given = {k: v for k, v in options.items() if v is not None and v is not False}
    settings = {name: given.pop(name) for name in _SETTINGS if name in given}
    for name in ("data", "data_b", "init"):
        if isinstance(given.get(name), os.PathLike):
            given[name] = os.fspath(given[name])
    if given.get("image_shape", "auto") != "auto":
        given["image_shape"] = list(given["image_shape"])
    if "augment" in given:
        settings["augmentation"] = {"class_name": given.pop("augment")}
    value_range = given.pop("value_range", "auto")
    if not isinstance(value_range, str):  # numbers that JSON knows
        given["value_range"] = np.ravel(value_range).tolist()
    elif value_range != "auto":
        given["value_range"] = value_range  # is refused when the data are read
    others = dict(given.get("settings", {}))
    if "augmentation" in settings and isinstance(others.get("augmentation"), dict):
        settings["augmentation"] |= others.pop("augmentation")
    return given | {"settings": settings | others}


def _load(execution, cluster, say):
    """Loads TensorFlow and returns the `Hardware` to train on."""
    say(_LOADING)
    import_tensorflow()
    from kgan.runs.hardware import prepare

    names = ("strategy", "devices", "deterministic")
    return prepare(*(execution[name] for name in names), cluster, say)


def _train(folder, training, profile, progress, say):
    """Trains and reports; returns the `Run`, or None where others write it."""
    from kgan.runs import quickstart_recipe
    from kgan.runs.report.page import report_samples, write_report
    from kgan.runs.training import fit

    outcome = fit(folder, training, say, profile, progress)
    if outcome is None:
        return None
    if not outcome.interrupted:
        if "quickstart" in training.config:
            outcome = quickstart_recipe.conclude(folder, training, outcome, say)
        else:
            samples = report_samples(training.model)
            write_report(folder, training.config, outcome, *samples)
    training.hardware.wait_for_all()
    outcome = dataclasses.replace(outcome, durations=training.durations.seconds)
    return Run(folder.path, training.config, training.model, outcome)
