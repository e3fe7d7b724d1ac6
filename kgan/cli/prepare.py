"""From options to a game that is ready to be trained."""

import platform
import zlib

import click
import keras
import numpy as np
import tensorflow as tf

import kgan
from kgan import presets
from kgan._core.errors import invalid
from kgan._version import __version__
from kgan.callbacks import latest_checkpoint
from kgan.cli import domains
from kgan.cli.hardware import Hardware
from kgan.cli.run_folder import changes
from kgan.cli.runtime import DEFAULTS
from kgan.cli.scoring import make_evaluator, read_splits
from kgan.cli.training import Game
from kgan.data.loading import absolute
from kgan.presets.tables import merge

_NUMERICS = ("precision", "gradient_accumulation_steps")
RHYTHM = ("evaluate_every", "save_every", "sample_every")
# What `--override` may change: the game stays the same, its last digits may not.
RATES = tuple(
    f"{player}_optimizer.learning_rate" for player in ("generator", "discriminator")
)
HARMLESS = (
    *RATES,
    "gradient_accumulation_steps",
    "strategy",
    "devices",
    "workers",
    "deterministic",
)


def new_run(run, options, runtime=DEFAULTS, hardware=None):
    """Starts a run; the folder is made once everything is known to fit.

    Args:
        run: The `RunFolder`.
        options: Dict of the command's options that were given.
        runtime: Of `kgan.cli.runtime.choose`.
        hardware: The `Hardware`; None for one device.

    Returns:
        A `Game`.

    Raises:
        ValueError: If preset, data and settings do not exist or fit.
    """
    hardware = hardware or Hardware()
    names = ("steps", "batch_size", *_NUMERICS)
    given = {name: options[name] for name in names if name in options}
    sources = {"data": absolute(options["data"])} | _second_domain(options)
    train, test = _read(sources, options.get("image_shape"))
    if len(train.shape) != 3:
        raise invalid(
            "`kgan train` is for images.",
            {"shape of a sample": train.shape},
            "Train on other data in Python, by kgan.GAN.fit.",
        )
    settings = presets.settings(
        options["preset"],
        train.shape,
        None if options.get("unconditional") else train.num_classes,
        options.get("seed", 0),
        **given,
        **options.get("settings", {}),
    )
    with hardware.scope():
        gan = presets.build(settings)
    settings["steps"] = settings["steps"] or gan.schedule_steps
    rhythm = _rhythm(options, settings["steps"], train.y is not None)
    config = _make_config(sources, train, settings, rhythm, runtime)
    if gan.draws_labels:  # which mean no classes of the data
        config["class_names"] = None
    return _game(run, gan, train, test, config, hardware)


def resumed_run(run, config, options, runtime, hardware, override=False):
    """Goes on with a run from its last checkpoint.

    Args:
        run: The `RunFolder`.
        config: What its `config.json` holds.
        options: As for `new_run`. The steps and the rhythm of evaluations, checkpoints
            and pictures may be changed; all else must be as it was.
        runtime: As for `new_run`.
        hardware: As for `new_run`.
        override: Whether what `HARMLESS` names may be changed as well.

    Returns:
        A `Game`.

    Raises:
        ValueError: If the settings or the data differ; the message lists what does.
    """
    config = {**config, "settings": presets.defaults() | config["settings"]}
    changed = _check_changes(config, options, runtime, override)
    settings = config["settings"]
    train, test = _read(config, settings["image_shape"])
    found = _fingerprint(train)
    then = {name: config[name] for name in found if name in config}
    now = {name: found[name] for name in then}
    if now != then:
        raise invalid(
            "A run goes on with the data that it started with.",
            {"then": then, "now": now},
            "Restore the data, or start a new run.",
        )
    path = latest_checkpoint(run.checkpoints)
    steps = options.get("steps", settings["steps"])
    if path and settings["decay"] == "cosine" and steps > settings["steps"]:
        click.echo(
            f"Warning: the learning rates have fallen over {settings['steps']} steps, "
            "and stay at a twentieth from there on. For a schedule over "
            f"{steps} steps start a new run.",
            err=True,
        )
    new = {name: options[name] for name in _NUMERICS if name in options}
    new["steps"] = steps
    for player in (rate.partition(".")[0] for rate in changed.intersection(RATES)):
        rate = options["settings"][player]["learning_rate"]
        new[player] = {"learning_rate": rate}
    config |= {name: options[name] for name in RHYTHM if name in options}
    config |= {"settings": merge(settings, new), "runtime": runtime}
    with hardware.scope():
        gan = _restore(config["settings"], path, changed)
    return _game(run, gan, train, test, config, hardware)


def _second_domain(options):
    """Returns `{"data_b": source}` for a preset of two domains, `{}` for others."""
    # Also raises for unknown names, before the data is read.
    settings = presets.settings(options["preset"], (), **options.get("settings", {}))
    if settings["model"] != "cogan":
        if "data_b" in options:
            raise invalid(
                "`--data-b` is for presets of two domains.",
                {"preset": options["preset"], "data_b": options["data_b"]},
                "Leave it out, or use the preset cogan or cogan-small.",
            )
        return {}
    if settings["balanced"]:
        raise invalid(
            "A game in two domains uses no labels, so its data cannot be balanced.",
            {"balanced": True},
            "Leave it out.",
        )
    if "data_b" not in options:
        click.echo(
            f"The second domain: every other image of {options['data']}, "
            f"{domains.DEFAULT}. --data-b chooses another.",
            err=True,
        )
    return {"data_b": absolute(options.get("data_b", domains.DEFAULT))}


def _read(sources, image_shape):
    """Returns the train and the test split of one domain, or of two."""
    if "data_b" in sources:
        return domains.read_domains(sources["data"], sources["data_b"], image_shape)
    return read_splits(sources["data"], image_shape)


def _restore(settings, path, changed):
    """Returns the game of a checkpoint, or of settings that `--override` changed."""
    if path is not None and changed.isdisjoint((*RATES, *_NUMERICS)):
        return kgan.load_model(path)
    gan = presets.build(settings)
    if path is None:
        return gan
    gan.load_weights(path)
    if settings["decay"] == "none":  # else the rate is a schedule, which has no weight
        for rate in changed.intersection(RATES):
            player = rate.partition(".")[0]
            getattr(gan, player).learning_rate = settings[player]["learning_rate"]
    return gan


def _check_changes(config, options, runtime, override):
    """Returns the names of what `--override` changes; refuses all other changes."""
    names = ("preset", "seed", "batch_size", "image_shape", *_NUMERICS)
    asked = {name: options[name] for name in names if name in options}
    if "unconditional" in options:
        asked["num_classes"] = None
    lines = changes(config["settings"], asked | options.get("settings", {}))
    for name in {"data", "data_b"} & options.keys():
        before = config.get(name) and absolute(config[name])
        lines |= changes({name: before}, {name: absolute(options[name])})
    before = {**DEFAULTS, **config.get("runtime", {})}
    lines |= changes(before, {**runtime, "on_nan": before["on_nan"]})
    refused = {n: v for n, v in lines.items() if not (override and n in HARMLESS)}
    if refused:
        allowed = set(refused) <= set(HARMLESS)
        raise ValueError(
            "A run goes on with the settings that it started with. These differ:\n  "
            + "\n  ".join(refused.values())
            + (
                "\nAdd --override to change them; the run then equals no "
                "uninterrupted one to the last digit."
                if allowed
                else "\nLeave these options out, or start a new run in another --out."
            )
        )
    return set(lines)


def _make_config(sources, samples, settings, rhythm, runtime):
    """Returns what `config.json` holds of a new run."""
    return {
        "preset": settings["preset"],
        **sources,
        "dataset": samples.name,
        **_fingerprint(samples),
        "class_names": samples.class_names and list(samples.class_names),
        "licence": samples.licence,
        "settings": settings,
        **rhythm,
        "runtime": runtime,
        "versions": {
            "kgan": __version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def _fingerprint(samples):
    """What tells a data set from another."""
    if isinstance(samples, domains.Domains):
        parts = {"data_crc32": samples.a, "data_b_crc32": samples.b}
    else:
        parts = {"data_crc32": samples}
    checksums = {k: zlib.crc32(np.ascontiguousarray(v.x)) for k, v in parts.items()}
    return {"num_samples": len(samples), **checksums}


def _game(run, gan, train, test, config, hardware):
    """Returns the `Game`, and writes the configuration, once all is known to fit."""
    evaluator = None
    if hardware.cluster.is_chief:
        if config["evaluate_every"]:
            pairs = isinstance(train, domains.Domains)
            make = domains.PairEvaluator if pairs else make_evaluator
            evaluator = make(train, test)
        run.write_config(config)
    return Game(gan, train, config, evaluator, hardware)


def _rhythm(options, steps, labelled):
    """How often a run is scored, saved and pictured."""
    defaults = {
        "evaluate_every": max(50, steps // 10) if labelled else 0,
        "save_every": min(1000, max(50, steps // 10)),
        "sample_every": max(10, steps // 20),
    }
    return {name: options.get(name, value) for name, value in defaults.items()}
