"""The experiments by name."""

import importlib.resources

from kgan import presets
from kgan._core.errors import one_of
from kgan.lab.experiment import Experiment
from kgan.presets.tables import merge, read


def names():
    """Returns a dict from the experiments' names to their one-line descriptions."""
    return {name: table["description"] for name, table in _tables().items()}


def settings(name, seed=0, **overrides):
    """Returns an experiment's settings: a dict that JSON can hold.

    Args:
        name: Name of the experiment.
        seed: Integer from which the points, initial weights and all random numbers
            derive.
        **overrides: Values that replace the experiment's, such as `steps=3000` or
            `generator={"width": 32}`.

    Raises:
        ValueError: If the experiment or an override's name is unknown.
    """
    tables = _tables()
    one_of("name", name, tables, "`kgan lab` lists them with descriptions.")
    base = merge(presets.defaults(), read(_folder())["defaults"], new=True)
    game = {"experiment": name, "num_classes": None, "seed": seed}
    return merge(merge(merge(base, tables[name]), game, new=True), overrides)


def experiment(name, seed=0, **overrides):
    """Returns an `Experiment` that is ready to be run.

    Args:
        name: Name of the experiment; `kgan.lab.names()` lists them.
        seed: Integer from which the points, initial weights and all random numbers
            derive.
        **overrides: Values that replace the experiment's, such as `steps=3000` or
            `penalties={"r1": {"weight": 1.0}}`.

    Raises:
        ValueError: If the experiment or a setting is unknown, or does not fit.

    Example:

    >>> ring = kgan.lab.experiment("ring", steps=3000)
    >>> history = ring.fit()
    >>> ring.scores()["modes"]
    8
    """
    return build(settings(name, seed, **overrides))


def build(settings):
    """Returns the `Experiment` that settings describe, untrained."""
    # Not at the top: names and settings are known without loading TensorFlow.
    from kgan.lab import dirac, pacgan
    from kgan.lab.targets import create

    target = create(settings["target"], settings["target_options"])
    game = {"image_shape": target.sample_shape, **settings}
    gan = presets.build(game, {"dirac": dirac, "pacgan": pacgan})
    return Experiment(settings, gan, target)


def _tables():
    return read(_folder() / "experiments")


def _folder():
    return importlib.resources.files("kgan.lab")
