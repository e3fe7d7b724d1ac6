"""From options to a game that is ready to be trained."""

import click

import kgan
from kgan import presets
from kgan.callbacks import latest_checkpoint
from kgan.cli.judging import make_evaluator, read_splits
from kgan.cli.run_folder import changes
from kgan.cli.training import Game, make_config
from kgan.data.loading import absolute
from kgan.errors import invalid

RHYTHM = ("evaluate_every", "save_every", "sample_every")


def new_run(run, options):
    """Starts a run; the folder is made once everything is known to fit.

    Args:
        run: The `RunFolder`.
        options: Dict of the command's options that were given.

    Returns:
        A `Game`.

    Raises:
        ValueError: If preset, data and settings do not exist or fit.
    """
    given = {name: options[name] for name in ("steps", "batch_size") if name in options}
    if options["preset"] not in presets.names():
        presets.settings(options["preset"], ())  # raises, before the data is read
    source = absolute(options["data"])
    train, test = read_splits(source, options.get("image_shape"))
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
    gan = build(settings)
    rhythm = _rhythm(options, settings["steps"], train.y is not None)
    config = make_config(source, train, settings, rhythm)
    evaluator = _evaluator(config, train, test)
    run.write_config(config)
    return Game(gan, train, config, evaluator)


def resumed_run(run, config, options):
    """Goes on with a run from its last checkpoint.

    Args:
        run: The `RunFolder`.
        config: What its `config.json` holds.
        options: As for `new_run`. The steps and the rhythm of evaluations, checkpoints
            and pictures may be changed; all else must be as it was.

    Returns:
        A `Game`.

    Raises:
        ValueError: If the settings or the data differ; the message lists what does.
    """
    settings = config["settings"]
    _refuse_changes(config, options)
    train, test = read_splits(config["data"], settings["image_shape"])
    if len(train) != config["num_samples"]:
        raise invalid(
            "A run goes on with the data that it started with.",
            {"samples then": config["num_samples"], "samples now": len(train)},
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
    settings["steps"] = steps
    config |= {name: options[name] for name in RHYTHM if name in options}
    gan = build(settings) if path is None else kgan.load_model(path)
    evaluator = _evaluator(config, train, test)
    run.write_config(config)
    return Game(gan, train, config, evaluator)


def build(settings):
    """Returns `kgan.presets.build(settings)`, its errors being the user's."""
    try:
        return presets.build(settings)
    except TypeError as error:
        raise invalid(
            "Settings must be arguments that networks, penalties and optimizers take.",
            {"preset": settings["preset"]},
            f"Python says: {error}",
        ) from error


def _refuse_changes(config, options):
    settings = config["settings"]
    names = ("preset", "seed", "batch_size", "image_shape")
    asked = {name: options[name] for name in names if name in options}
    if "unconditional" in options:
        asked["num_classes"] = None
    lines = changes(settings, asked | options.get("settings", {}))
    source = absolute(config["data"])
    asked = absolute(options.get("data", config["data"]))
    lines += changes({"data": source}, {"data": asked})
    if lines:
        raise ValueError(
            "A run goes on with the settings that it started with. These differ:\n  "
            + "\n  ".join(lines)
            + "\nLeave these options out, or start a new run in another --out."
        )


def _rhythm(options, steps, labelled):
    """How often a run is scored, saved and pictured."""
    defaults = {
        "evaluate_every": max(50, steps // 10) if labelled else 0,
        "save_every": min(1000, max(50, steps // 10)),
        "sample_every": max(10, steps // 20),
    }
    return {name: options.get(name, value) for name, value in defaults.items()}


def _evaluator(config, train, test):
    if not config["evaluate_every"]:
        return None
    return make_evaluator(train, test)
