"""What `config.json` of a run holds, and what of it may change when a run goes on.

It holds the settings of the preset, the data with their fingerprint, the rhythm of
scores, checkpoints and pictures, how the run is executed, and versions.
"""

import os
import platform
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kgan import models, presets
from kgan._core.errors import invalid
from kgan._version import __version__
from kgan.data.loading import absolute
from kgan.runs.domains import PairSplits
from kgan.runs.execution import DEFAULTS
from kgan.runs.scoring import Splits

# How often a run is scored, saved and pictured.
RHYTHM = ("evaluate_every", "save_every", "sample_every")
# Settings of how numbers are computed, which change their last digits.
NUMERICS = ("precision", "gradient_accumulation_steps")
DATA = ("data", "data_b")
# What `override` may change beside learning rates: what is trained stays the same, its
# last digits may not.
_HARMLESS = (
    "gradient_accumulation_steps",
    "strategy",
    "devices",
    "workers",
    "deterministic",
)


def model_class(settings):
    """Returns the class of the model that settings describe, or None if unknown."""
    return models.by_settings_name().get(settings["model"])


def completed(settings):
    """Returns settings with what runs of earlier versions did not know."""
    return presets.defaults(settings.get("model", "gan")) | settings


def splits_class(settings):
    """Returns the kind of `Splits` that a model of these settings trains on."""
    return PairSplits if getattr(model_class(settings), "domains", None) else Splits


def learning_rates(settings):
    """Returns the names of the learning rates among settings."""
    tables = [name for name in settings if name.split("_")[-1] == "optimizer"]
    return {f"{name}.learning_rate" for name in tables}


def rhythm(options, steps, scored):
    """Returns how often a run is scored, saved and pictured.

    Args:
        options: Dict that may hold the names of `RHYTHM`.
        steps: Steps of the run.
        scored: Whether its samples can be scored.
    """
    defaults = {
        "evaluate_every": max(50, steps // 10) if scored else 0,
        "save_every": min(1000, max(50, steps // 10)),
        "sample_every": max(10, steps // 20),
    }
    return {name: options.get(name, value) for name, value in defaults.items()}


def make_config(options, splits, model, settings, execution):
    """Returns what `config.json` holds of a new run.

    Args:
        options: Dict of the options that were given, with all of the data.
        splits: The `Splits`.
        model: The model, which need not be trained.
        settings: Its settings.
        execution: Of `kgan.runs.execution.choose`.
    """
    samples = splits.train
    extractor = options.get("features") or splits.choose_features()
    names = samples.class_names and list(samples.class_names)
    return {
        "preset": settings["preset"],
        **{name: recorded(options[name]) for name in DATA if name in options},
        **{name: options[name] for name in ("value_range",) if name in options},
        "dataset": samples.name,
        **splits.fingerprint(),
        # Labels that the model draws itself mean no classes of the data.
        "class_names": None if model.draws_labels else names,
        "licence": samples.licence,
        "settings": settings,
        **rhythm(options, settings["steps"], extractor is not None),
        "features": extractor,
        "runtime": execution,
        "versions": {
            "kgan": __version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def recorded(data):
    """Returns how `config.json` names data: None for arrays, which have no name."""
    return absolute(os.fspath(data)) if isinstance(data, str | os.PathLike) else None


def check_data(config, splits):
    """Raises a `ValueError` unless a run's data are those that it started with."""
    found = splits.fingerprint()
    then = {name: config[name] for name in found if name in config}
    now = {name: found[name] for name in then}
    if now != then:
        raise invalid(
            "A run goes on with the data that it started with.",
            {"then": then, "now": now},
            "Restore the data, or start a new run.",
        )


def check_changes(config, options, execution, override):
    """Returns the names of what `override` changes; refuses all other changes.

    Args:
        config: What `config.json` holds, with completed settings.
        options: Dict of the options that were given.
        execution: Of `kgan.runs.execution.choose`.
        override: Whether learning rates and what computes them may be changed.

    Raises:
        ValueError: If something differs that must not; the message lists it.
    """
    names = ("preset", "seed", "image_shape")
    asked = {name: options[name] for name in names if name in options}
    if asked.get("image_shape") == "auto":
        del asked["image_shape"]
    if "unconditional" in options:
        asked["num_classes"] = None
    asked |= {k: v for k, v in options["settings"].items() if k != "steps"}
    lines = changes(config["settings"], asked)
    lines |= _init_changes(config.get("init", {}), options)
    for name in ("value_range", "features"):
        if name in options:
            lines |= changes(config, {name: options[name]})
    for name in DATA:
        then, now = config.get(name), recorded(options.get(name))
        if now is not None and (then is not None or name not in config):
            lines |= changes({name: then and absolute(then)}, {name: now})
    before = {**DEFAULTS, **config.get("runtime", {})}
    lines |= changes(before, {**execution, "on_nan": before["on_nan"]})
    harmless = {*_HARMLESS, *learning_rates(config["settings"])}
    refused = {n: v for n, v in lines.items() if not (override and n in harmless)}
    if refused:
        raise ValueError(
            "A run goes on with the settings that it started with. These differ:\n  "
            + "\n  ".join(refused.values())
            + (
                "\nAdd --override to change them; the run then equals no "
                "uninterrupted one to the last digit."
                if set(refused) <= harmless
                else "\nLeave these options out, or start a new run in another --out."
            )
        )
    return set(lines)


def _init_changes(init, options):
    """Lists what differs of the model that a run started from."""
    names = ("freeze_discriminator", "freeze_generator")
    lines = changes(init, {name: options[name] for name in names if name in options})
    if "init" in options:
        path, then = Path(options["init"]).expanduser().resolve(), init.get("path")
        if then is None or path not in (Path(then), *Path(then).parents[:2]):
            lines |= changes({"init": then}, {"init": str(path)})
    return lines


def changes(old, new, prefix=""):
    """Lists what differs between a run's settings and those asked for.

    Args:
        old: Dict of the run.
        new: Dict of what was asked for; keys that it lacks are not compared.
        prefix: Put before the names.

    Returns:
        Dict from names to lines such as `"batch_size: 64 -> 32"`.
    """
    lines = {}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            lines |= changes(before, value, f"{prefix}{key}.")
        elif value != before:
            lines[f"{prefix}{key}"] = f"{prefix}{key}: {before!r} -> {value!r}"
    return lines
