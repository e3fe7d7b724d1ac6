"""Named configurations: networks and training settings, as data.

Each preset is a TOML file in this folder and holds only what differs from the defaults:
those of `defaults.toml`, and of the file of its model in `models/`. They say what the
keys mean.
"""

import importlib.resources

from kgan._core.errors import invalid, one_of
from kgan.presets.tables import merge, read


def names():
    """Returns a dict from the presets' names to their one-line descriptions."""
    return {name: table["description"] for name, table in _presets().items()}


def defaults(model="gan"):
    """Returns the settings of a model unless a preset's file says otherwise.

    Args:
        model: Name of the model, a file of `models/`.

    Raises:
        ValueError: If the model is unknown.
    """
    tables = read(_folder() / "models")
    one_of("model", model, tables, "Use 'gan'.")
    table = dict(tables[model])
    base = table.pop("base", None)
    common = read(_folder())["defaults"] if base is None else defaults(base)
    return merge(common, {"model": model, "condition_dim": None, **table}, new=True)


def settings(
    name, image_shape, num_classes=None, seed=0, condition_dim=None, **overrides
):
    """Returns a preset's settings for a data set: a dict that JSON can hold.

    Args:
        name: Name of the preset.
        image_shape: Shape of one sample, `(height, width, channels)`.
        num_classes: Number of classes, or None for an unconditional model, as those of
            some presets always are.
        seed: Integer from which initial weights and all random numbers derive.
        condition_dim: Number of attributes of a sample, or None.
        **overrides: Values that replace the preset's, such as `batch_size=32` or
            `generator={"width": 32}`.

    Raises:
        ValueError: If the preset or an override's name is unknown.
    """
    tables = _presets()
    one_of("name", name, tables, "`kgan presets` lists them with descriptions.")
    model = overrides.get("model", tables[name].get("model", "gan"))
    preset = merge(defaults(model), tables[name])
    chosen = {
        "preset": name,
        "image_shape": list(image_shape),
        "num_classes": num_classes if preset["conditional"] else None,
        "condition_dim": condition_dim if preset["conditional"] else None,
        "seed": seed,
    }
    return merge(merge(preset, chosen, new=True), overrides)


def build(settings, families=None):
    """Returns the compiled, untrained model that settings describe.

    Args:
        settings: Dict as `settings` returns. What it lacks is as in the defaults, so
            that the settings of runs of earlier versions serve.
        families: Dict of further modules with `generator` and `discriminator`, beside
            those of `kgan.networks`, from which `network` chooses.

    Raises:
        ValueError: If a network, penalty or optimizer is unknown, or does not take its
            settings.
    """
    # Not at the top: names and settings are known without loading TensorFlow.
    from kgan.models import by_settings_name
    from kgan.presets.parts import Parts

    settings = defaults(settings.get("model", "gan")) | settings
    try:
        parts = Parts(settings, families or {})
        model = by_settings_name()[settings["model"]].from_settings(parts)
    except TypeError as error:
        raise invalid(
            "Settings must be arguments that networks, penalties and optimizers take.",
            {"network": settings["network"]},
            f"Python says: {error}",
        ) from error
    model.settings = settings
    return model


def from_preset(
    name, image_shape, num_classes=None, seed=0, condition_dim=None, **overrides
):
    """Returns the compiled, untrained model of a preset.

    Args:
        name: Name of the preset; `kgan.presets.names()` lists them.
        image_shape: Shape of one sample, `(height, width, channels)`.
        num_classes: Number of classes, or None for an unconditional model.
        seed: Integer from which initial weights and all random numbers derive.
        condition_dim: Number of attributes of a sample, or None.
        **overrides: Values that replace the preset's, such as `loss="hinge"` or
            `generator={"width": 32}`.

    Example:

    >>> gan = kgan.from_preset("dcgan", image_shape=(28, 28, 1), num_classes=10)
    >>> gan.generate(16).shape
    (16, 28, 28, 1)
    """
    return build(
        settings(name, image_shape, num_classes, seed, condition_dim, **overrides)
    )


def _presets():
    """Returns a dict from the names of the presets to their tables."""
    tables = read(_folder())
    del tables["defaults"]
    return tables


def _folder():
    return importlib.resources.files(__name__)
