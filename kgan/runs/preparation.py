"""From options to a training that is ready to start, or to go on."""

from pathlib import Path

import kgan
from kgan import fine_tuning, presets
from kgan._core.errors import invalid
from kgan.callbacks import latest_checkpoint
from kgan.presets.tables import merge
from kgan.runs import domains
from kgan.runs.configuration import (
    DATA,
    NUMERICS,
    RHYTHM,
    check_changes,
    check_data,
    completed,
    learning_rates,
    make_config,
    recorded,
    splits_class,
)
from kgan.runs.durations import FEATURES
from kgan.runs.initial import FREEZE, Initial
from kgan.runs.training import Training


def new_training(folder, options, execution, hardware, say, durations):
    """Starts a run; the folder is made once everything is known to fit.

    Args:
        folder: The `RunFolder`.
        options: Dict of the options that were given: `preset`, `data`, and `settings`,
            a dict of what differs from the preset.
        execution: Of `kgan.runs.execution.choose`.
        hardware: The `Hardware`.
        say: Called with lines about what was chosen.
        durations: The `Durations` of the run.

    Returns:
        A `Training`.

    Raises:
        ValueError: If preset, data and settings do not exist or fit.
    """
    initial = Initial.of(options, say)
    chosen = _chosen(options, initial)
    settings = chosen((), None, None)
    options = options | _second_domain(options, settings, say)
    options |= {k: recorded(options[k]) or options[k] for k in DATA if k in options}
    say(f"Reading {_what(options)} …")
    splits = splits_class(settings).read(options, _image_shape(options, initial))
    samples = splits.train
    say(f"Read {samples.name}: {samples}.")
    if len(samples.shape) != 3:
        raise invalid(
            "`kgan train` is for images.",
            {"shape of a sample": samples.shape},
            "Train on other data in Python, by kgan.GAN.fit.",
        )
    conditional = not options.get("unconditional")
    settings = chosen(
        samples.shape,
        samples.num_classes if conditional else None,
        samples.condition_dim if conditional else None,
    )
    if initial is not None:
        settings = fine_tuning.adapting_faster(settings)
    with hardware.scope():
        model = presets.build(settings)
        if initial is not None:
            initial.put_into(model, say)
    settings["steps"] = settings["steps"] or model.schedule_steps
    config = make_config(options, splits, model, settings, execution)
    if initial is not None:
        config["init"] = initial.record()
    if config["features"] is None:
        say(f"{len(samples)} images are too few to score samples against.")
    return _training(folder, model, splits, config, hardware, durations, say, new=True)


def resumed_training(
    folder, config, options, execution, hardware, say, durations, override=False
):
    """Goes on with a run from its last checkpoint.

    Args:
        folder: The `RunFolder`.
        config: What its `config.json` holds.
        options: As for `new_training`. The steps and the rhythm of evaluations,
            checkpoints and pictures may be changed; all else must be as it was.
        execution: As for `new_training`, as are `hardware`, `say` and `durations`.
        override: Whether what is harmless may be changed as well.

    Returns:
        A `Training`.

    Raises:
        ValueError: If the settings or the data differ; the message lists what does.
    """
    config = {**config, "settings": completed(config["settings"])}
    changed = check_changes(config, options, execution, override)
    settings, asked = config["settings"], options["settings"]
    say(f"Reading {_what(config)} …")
    splits = splits_class(settings).read(
        _data_again(config, options), settings["image_shape"]
    )
    say(f"Read {splits.train.name}: {splits.train}.")
    check_data(config, splits)
    path = latest_checkpoint(folder.checkpoints)
    steps = asked.get("steps", settings["steps"])
    if path and settings.get("decay") == "cosine" and steps > settings["steps"]:
        say(
            f"Warning: the learning rates have fallen over {settings['steps']} steps, "
            "and stay at a twentieth from there on. For a schedule over "
            f"{steps} steps start a new run."
        )
    new = {name: asked[name] for name in NUMERICS if name in asked}
    new["steps"] = steps
    for name in _optimizers(changed, settings):
        new[name] = {"learning_rate": asked[name]["learning_rate"]}
    config |= {name: options[name] for name in RHYTHM if name in options}
    config |= {"settings": merge(settings, new), "runtime": execution}
    with hardware.scope():
        model = _restore(config, path, changed, say)
    return _training(folder, model, splits, config, hardware, durations, say)


def _chosen(options, initial):
    """Returns a function of shape, classes and attributes of the data, to settings.

    They are those of the preset, or without one those of the model that a run starts
    from, with what the options change.
    """
    seed = options.get("seed", 0)

    def of_preset(shape, num_classes, condition_dim):
        return presets.settings(
            options["preset"],
            shape,
            num_classes,
            seed,
            condition_dim,
            **options["settings"],
        )

    def of_initial(shape, num_classes, condition_dim):
        kept = initial.settings
        of_data = {
            "image_shape": list(shape),
            "num_classes": num_classes if kept["conditional"] else None,
            "condition_dim": condition_dim if kept["conditional"] else None,
            "seed": seed,
        }
        return merge({**kept, **of_data}, options["settings"])

    if "preset" in options:
        return of_preset
    if initial is None or initial.settings is None:
        raise invalid(
            "A run needs a preset, or the model of one to start from.",
            {"preset": None, "init": options.get("init")},
            "Add --preset; `kgan presets` lists them.",
        )
    return of_initial


def _image_shape(options, initial):
    """Returns the shape that images of a folder are brought to, or None."""
    if "image_shape" in options or initial is None:
        return options.get("image_shape")
    shape = initial.model.sample_shape
    if initial.model.output_names:  # of several domains
        shape = shape[initial.model.output_names[0]]
    is_folder = Path(str(options["data"])).expanduser().is_dir()
    return list(shape) if is_folder else None


def _what(given):
    """Returns the names of the data that are to be read."""
    names = [given[name] for name in DATA if given.get(name) is not None]
    texts = [name if isinstance(name, str) else "arrays" for name in names]
    return " and ".join(texts) or "arrays"


def _second_domain(options, settings, say):
    """Returns `{"data_b": data}` for a model of two domains, `{}` for others."""
    if splits_class(settings) is not domains.PairSplits:
        if "data_b" in options:
            raise invalid(
                "`--data-b` is for presets of two domains.",
                {"preset": options["preset"], "data_b": options["data_b"]},
                "Leave it out, or use the preset cogan or cogan-small.",
            )
        return {}
    if settings.get("balanced"):
        raise invalid(
            "A game in two domains uses no labels, so its data cannot be balanced.",
            {"balanced": True},
            "Leave it out.",
        )
    if "data_b" not in options:
        say(
            f"The second domain: every other image of {options['data']}, "
            f"{domains.DEFAULT}. --data-b chooses another."
        )
    return {"data_b": options.get("data_b", domains.DEFAULT)}


def _data_again(config, options):
    """Returns the data of a run that goes on: as recorded, or given again as arrays."""
    given = {k: config[k] for k in (*DATA, "value_range") if k in config}
    arrays = [name for name in DATA if name in given and given[name] is None]
    for name in arrays:
        if name not in options:
            raise invalid(
                "A run that was trained on arrays goes on with the same arrays.",
                {name: None},
                f"Pass them again: kgan.runs.resume(path, {name}=…).",
            )
    return given | {name: options[name] for name in arrays}


def _optimizers(changed, settings):
    """Returns the names of the optimizers whose learning rates were changed."""
    return {name.partition(".")[0] for name in changed & learning_rates(settings)}


def _restore(config, path, changed, say):
    """Returns the model of a checkpoint, or of settings that `override` changed."""
    settings, init = config["settings"], config.get("init", {})
    optimizers = _optimizers(changed, settings)
    if path is not None and not optimizers and changed.isdisjoint(NUMERICS):
        return kgan.load_model(path)
    model = presets.build(settings)
    if path is None:
        if init:
            again = {"init": init["path"], **{name: init[name] for name in FREEZE}}
            Initial.of(again, say).put_into(model, say)
        return model
    frozen = {name.removeprefix("freeze_"): init.get(name, 0) for name in FREEZE}
    fine_tuning.freeze(model, frozen)
    model.ema_ramp = not init
    model.load_weights(path)
    if settings.get("decay", "none") == "none":
        # Otherwise the rate is a schedule, which has no weight.
        for name in optimizers:
            rate = settings[name]["learning_rate"]
            model.optimizers[name].learning_rate = rate
    return model


def _training(folder, model, splits, config, hardware, durations, say, new=False):
    """Returns the `Training`, and writes the configuration: all is known to fit."""
    evaluator = None
    if hardware.cluster.is_chief:
        if config["evaluate_every"]:
            say("Preparing the features that score the samples …")
            with durations.during(FEATURES):
                # Runs of earlier versions name none.
                evaluator = splits.evaluator(config.get("features"))
            if doubt := evaluator.doubt():
                say(f"Warning: {doubt} Choose them by --features self-supervised.")
        folder.acquire(new)
        folder.write_config(config)
    return Training(model, splits, config, evaluator, hardware, durations)
