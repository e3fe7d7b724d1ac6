"""Named configurations: networks and training settings, as data.

Each preset is a TOML file in this folder; `defaults.toml` says what its keys mean, and
a preset holds only what differs.
"""

import contextlib
import functools
import importlib.resources

from kgan._core.errors import invalid
from kgan.presets.objectives import with_objectives
from kgan.presets.tables import merge, read

# Arguments of `GAN.compile` that settings hold as they are.
_PLAY = (
    "discriminator_steps",
    "generator_steps",
    "updates",
    "share_fakes",
    "pack",
    "unroll_steps",
    "top_k",
    "gradient_accumulation_steps",
)
_PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


def names():
    """Returns a dict from the presets' names to their one-line descriptions."""
    tables = _tables().items()
    return {name: t["description"] for name, t in tables if name != "defaults"}


def defaults():
    """Returns the settings that every preset has unless its file says otherwise."""
    return _tables()["defaults"]


def settings(name, image_shape, num_classes=None, seed=0, **overrides):
    """Returns a preset's settings for a data set: a dict that JSON can hold.

    Args:
        name: Name of the preset.
        image_shape: Shape of one sample, `(height, width, channels)`.
        num_classes: Number of classes, or None for an unconditional game, as those of
            some presets always are.
        seed: Integer from which initial weights and all random numbers derive.
        **overrides: Values that replace the preset's, such as `batch_size=32` or
            `generator={"width": 32}`.

    Raises:
        ValueError: If the preset or an override's name is unknown.
    """
    tables = _tables()
    del tables["defaults"]
    if name not in tables:
        raise invalid(
            f"The preset must be one of {', '.join(tables)}.",
            {"name": name},
            "`kgan presets` lists them with descriptions.",
        )
    preset = merge(defaults(), tables[name])
    game = {
        "preset": name,
        "image_shape": list(image_shape),
        "num_classes": num_classes if preset["conditional"] else None,
        "seed": seed,
    }
    return merge(merge(preset, game, new=True), overrides)


def build(settings, families=None):
    """Returns the compiled, untrained `kgan.GAN` that settings describe.

    Args:
        settings: Dict as `settings` returns. What it lacks is as in `defaults.toml`, so
            that the settings of runs of earlier versions serve.
        families: Dict of further modules with `generator` and `discriminator`, beside
            those of `kgan.networks`, from which `network` chooses.

    Raises:
        ValueError: If a network, penalty or optimizer is unknown, or does not take its
            settings.
    """
    settings = defaults() | settings
    try:
        return _build(settings, families or {})
    except TypeError as error:
        raise invalid(
            "Settings must be arguments that networks, penalties and optimizers take.",
            {"network": settings["network"]},
            f"Python says: {error}",
        ) from error


def _build(settings, families):
    # Not at the top: names and settings are known without loading TensorFlow.
    from kgan import networks, penalties
    from kgan._core.random import seeded_initializers
    from kgan._core.registry import create

    pairs = settings["model"] == "cogan"
    role = "generators" if pairs else "generator"
    known = {k: v for k, v in vars(networks).items() if hasattr(v, role)} | families
    if settings["network"] not in list(known):
        raise invalid(
            f"`network` must be one of {', '.join(sorted(known))}.",
            {"network": settings["network"]},
            "Choose one of these families of networks.",
        )
    family = known[settings["network"]]
    shape = tuple(settings["image_shape"])
    packed = (*shape[:-1], shape[-1] * settings["pack"])
    objectives, classes, heads = with_objectives(settings)
    classes = {} if classes is None else {"num_classes": classes}
    with seeded_initializers(settings["seed"]), _dtype_policy(settings["precision"]):
        make = getattr(family, role)
        generator = make(shape, **classes, **settings["generator"])
        codes = {}
        if settings["model"] == "bigan":  # which judges codes too
            family = networks.bigan
            codes = {"latent_dim": generator.inputs[0].shape[-1]}
        make = family.discriminators if pairs else family.discriminator
        gan = _model(settings, codes)(
            generator,
            make(packed, **classes, **heads, **codes, **settings["discriminator"]),
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
        objectives=objectives,
        **{rule: settings[rule] for rule in _PLAY},
    )
    return gan


def _model(settings, codes):
    """Returns the class of the game, with the arguments that are its own."""
    from kgan.models import GAN, BiGAN, CoGAN, ProgressiveGAN
    from kgan.networks import bigan
    from kgan.schedules import Growth

    if settings["model"] in ("gan", "cogan"):
        return {"gan": GAN, "cogan": CoGAN}[settings["model"]]
    if settings["model"] == "progressive":
        growth = Growth(batch_size=settings["batch_size"], **settings["growth"])
        return functools.partial(ProgressiveGAN, growth=growth)
    if settings["model"] == "bigan":
        shape = tuple(settings["image_shape"])
        encoder = bigan.encoder(shape, **codes, **settings["encoder"])
        return functools.partial(BiGAN, encoder=encoder)
    raise invalid(
        "`model` must be 'gan', 'bigan', 'cogan' or 'progressive'.",
        {"model": settings["model"]},
        "Use 'gan'.",
    )


@contextlib.contextmanager
def _dtype_policy(name):
    """Makes the layers that are created inside compute in a precision."""
    import keras

    if name not in _PRECISIONS:
        raise invalid(
            f"`precision` must be one of {', '.join(_PRECISIONS)}.",
            {"precision": name},
            "Use 'mixed_bfloat16' on hardware that has it: new CPUs, GPUs and TPUs.",
        )
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)


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


def _tables():
    return read(importlib.resources.files(__name__))


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
        rule = f"{player}_steps"
        steps = settings["steps"] * Steps(settings[rule], rule).most
        options["learning_rate"] = keras.optimizers.schedules.CosineDecay(
            options["learning_rate"], steps, alpha=0.05
        )
    return keras.optimizers.get(
        {"class_name": options.pop("class_name"), "config": options}
    )
