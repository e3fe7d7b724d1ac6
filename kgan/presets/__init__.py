"""Named configurations: networks and training settings, as data.

Each preset is a TOML file in this folder; `defaults.toml` says what its keys mean, and
a preset holds only what differs.
"""

import importlib.resources
import tomllib

from kgan.errors import invalid

# Tables that replace a preset's instead of being merged into it.
_WHOLE = ("penalties", "discriminator_steps")


def names():
    """Returns a dict from the presets' names to their one-line descriptions."""
    files = importlib.resources.files(__name__).iterdir()
    stems = sorted(file.name[:-5] for file in files if file.name.endswith(".toml"))
    return {stem: _read(stem)["description"] for stem in stems if stem != "defaults"}


def settings(name, image_shape, num_classes=None, seed=0, **overrides):
    """Returns a preset's settings for a data set: a dict that JSON can hold.

    Args:
        name: Name of the preset.
        image_shape: Shape of one sample, `(height, width, channels)`.
        num_classes: Number of classes, or None for an unconditional game.
        seed: Integer from which initial weights and all random numbers derive.
        **overrides: Values that replace the preset's, such as `batch_size=32` or
            `generator={"width": 32}`.

    Raises:
        ValueError: If the preset or an override's name is unknown.
    """
    known = names()
    if name not in known:
        raise invalid(
            f"The preset must be one of {', '.join(known)}.",
            {"name": name},
            "`kgan presets` lists them with descriptions.",
        )
    game = {
        "preset": name,
        "image_shape": list(image_shape),
        "num_classes": num_classes,
        "seed": seed,
    }
    defaults = _read("defaults")
    return _merge(_merge(_merge(defaults, _read(name)), game, new=True), overrides)


def build(settings):
    """Returns the compiled, untrained `kgan.GAN` that settings describe."""
    # Not at the top: names and settings are known without loading TensorFlow.
    from kgan import networks, penalties
    from kgan.models import GAN
    from kgan.random import seeded_initializers
    from kgan.registry import create

    families = {k: v for k, v in vars(networks).items() if hasattr(v, "generator")}
    if settings["network"] not in list(families):
        raise invalid(
            f"`network` must be one of {', '.join(sorted(families))}.",
            {"network": settings["network"]},
            "Choose one of these modules of kgan.networks.",
        )
    family = families[settings["network"]]
    shape, num_classes = tuple(settings["image_shape"]), settings["num_classes"]
    with seeded_initializers(settings["seed"]):
        gan = GAN(
            family.generator(shape, num_classes=num_classes, **settings["generator"]),
            family.discriminator(
                shape, num_classes=num_classes, **settings["discriminator"]
            ),
            prior=settings["prior"],
            ema_decay=settings["ema_decay"],
            seed=settings["seed"],
        )
    gan.compile(
        generator_optimizer=_optimizer(settings, "generator"),
        discriminator_optimizer=_optimizer(settings, "discriminator"),
        loss=settings["loss"],
        penalties=[
            create(name, penalties, penalties.Penalty, "penalties", **options)
            for name, options in settings["penalties"].items()
        ],
        discriminator_steps=settings["discriminator_steps"],
    )
    return gan


def from_preset(name, image_shape, num_classes=None, seed=0, **overrides):
    """Returns a compiled, untrained `kgan.GAN` of a preset.

    Args:
        name: Name of the preset; `kgan.presets.names()` lists them.
        image_shape: Shape of one sample, `(height, width, channels)`.
        num_classes: Number of classes, or None for an unconditional game.
        seed: Integer from which initial weights and all random numbers derive.
        **overrides: Values that replace the preset's, such as `loss="hinge"` or
            `generator={"width": 32}`.

    Example:

    >>> gan = kgan.from_preset("dcgan", image_shape=(28, 28, 1), num_classes=10)
    >>> gan.generate(16).shape
    (16, 28, 28, 1)
    """
    return build(settings(name, image_shape, num_classes, seed, **overrides))


def _read(stem):
    path = importlib.resources.files(__name__) / f"{stem}.toml"
    return tomllib.loads(path.read_text())


def _merge(base, changes, new=False):
    """Returns `base` with `changes`; tables that name players' arguments are merged."""
    merged = dict(base)
    for key, value in changes.items():
        if not new:
            _check(base, key, value)
        nested = isinstance(value, dict) and key not in _WHOLE
        merged[key] = {**base[key], **value} if nested else value
    return merged


def _check(base, key, value):
    """Raises a `ValueError` unless `value` is of the kind that the setting has."""
    if key not in base:
        raise invalid(
            f"A setting must be one of {', '.join(sorted(base))}.",
            {key: value},
            "`defaults.toml` in kgan/presets says what each means.",
        )
    table = isinstance(value, dict)
    if key == "discriminator_steps":
        if table and not all(str(step).isdecimal() for step in value):
            raise invalid(
                f"A schedule of `{key}` goes from steps to numbers.",
                {key: value},
                "Write for instance {0: 5, 1000: 1}.",
            )
    elif table and not isinstance(base[key], dict):
        raise invalid(
            f"`{key}` is one value, not a table.",
            {key: value},
            f"Give it alone, without names below `{key}`.",
        )
    elif not table and isinstance(base[key], dict):
        raise invalid(
            f"`{key}` is a table.",
            {key: value},
            f"Name what to change in it, as in {key}.NAME=VALUE.",
        )


def _optimizer(settings, player):
    import keras

    from kgan.schedules import Steps

    options = dict(settings[f"{player}_optimizer"])
    if settings["decay"] not in ("none", "cosine"):
        raise invalid(
            "`decay` must be 'none' or 'cosine'.",
            {"decay": settings["decay"]},
            "Use 'cosine' to let both learning rates fall to a twentieth over `steps`.",
        )
    if settings["decay"] == "cosine":
        steps = settings["steps"]
        if player == "discriminator":
            steps *= Steps(settings["discriminator_steps"]).most
        options["learning_rate"] = keras.optimizers.schedules.CosineDecay(
            options["learning_rate"], steps, alpha=0.05
        )
    return keras.optimizers.get(
        {"class_name": options.pop("class_name"), "config": options}
    )
