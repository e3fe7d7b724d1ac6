"""Checks of the settings of Turing Learning."""

import warnings

import numpy as np

from kgan._core.errors import invalid


def check_settings(learning, modes, optimizers):
    """Checks all that concerns no data."""
    check_generator(learning.generator)
    check_choice("mode", learning.mode, modes)
    optimizer = learning.optimizer
    plays = hasattr(optimizer, "ask") and hasattr(optimizer, "tell")
    if optimizer is not None and not plays:
        check_choice("optimizer", optimizer, optimizers, " or an ask/tell object")
    for name, least in (("memory", 0), ("hall_of_fame", 0), ("seed", 0)):
        check_count(name, getattr(learning, name), least)
    for name, least in (("bundle", 1), ("population", 2), ("trials", 1)):
        if getattr(learning, name) is not None:
            check_count(name, getattr(learning, name), least)
    if not 0.5 <= learning.virulence <= 1:
        raise invalid(
            "`virulence` must lie between 0.5 and 1.",
            {"virulence": learning.virulence},
            "Use 1, or 0.75 to spare weak opponents.",
        )
    evolvable = hasattr(learning.judge, "score") and hasattr(learning.judge, "n_params")
    if (learning.mode == "coevolve") != evolvable:
        raise invalid(
            'The mode "coevolve" takes evolvable judges, the others take classifiers.',
            {"mode": learning.mode, "judge": learning.judge},
            'Use `kgan.turing.Elman()`, or `mode="shared"` or `"c2st"`.',
        )
    if learning.mode != "coevolve" and (learning.trials or 4) < 4:
        raise invalid(
            "`trials` must be at least 4, since half of them fit the judge.",
            {"trials": learning.trials},
            "Leave it out, or use 40 or more.",
        )


def check_generator(generator):
    """Checks the contract of a generator, as far as it can be seen."""
    missing = [
        name
        for name in ("n_params", "bounds", "sample")
        if not hasattr(generator, name)
    ]
    if missing:
        raise invalid(
            "`generator` must have `n_params`, `bounds` and `sample`.",
            {"generator": generator, "missing": missing},
            "Wrap a function by `kgan.turing.CallableGenerator(function, bounds)`.",
        )
    bounds = np.asarray(generator.bounds, float)
    ordered = bounds.shape == (generator.n_params, 2) and np.all(
        bounds.T[0] < bounds.T[1]
    )
    if not ordered:
        raise invalid(
            "`generator.bounds` must be rows of a lowest and a higher highest value.",
            {"bounds": bounds.tolist(), "n_params": generator.n_params},
            "Give one row `(low, high)` for each parameter.",
        )


def check_choice(name, value, choices, also=""):
    if not (isinstance(value, str) and value in choices):
        raise invalid(
            f"`{name}` must be one of {', '.join(map(repr, choices))}{also}.",
            {name: value},
            f"Use {next(iter(choices))!r}.",
        )


def check_count(name, value, least):
    if not isinstance(value, int | np.integer) or value < least:
        raise invalid(
            f"`{name}` must be an integer, at least {least}.",
            {name: value},
            f"Use {least} or more.",
        )


def check_game(learning, game):
    """Checks how the settings fit the data."""
    if learning.interrogator is not None and not game.live:
        raise invalid(
            "Only a system can be queried, not samples that were recorded.",
            {"interrogator": learning.interrogator, "data": type(game.data).__name__},
            "Pass as data an object with `sample(n, rng, query=None)`.",
        )
    if learning.interrogator == "judge" and (
        len(game.shape) == 1 or not hasattr(learning.judge, "query")
    ):
        raise invalid(
            "Judges with `query` can interrogate trajectories `[n, time, features]`.",
            {"judge": learning.judge, "shape of a sample": game.shape},
            "Use `Elman(controls=1)` and a system that gives trajectories.",
        )
    if learning.mode != "coevolve" and game.available < 4:
        raise invalid(
            "The data must fill at least 4 bundles, half of which fit the judge.",
            {"bundles": game.available, "bundle": game.bundle},
            "Give more samples or a smaller `bundle`.",
        )
    if learning.mode == "shared" and game.bundle == 1 and len(game.shape) == 1:
        warning = invalid(
            "A judge that is shared should see several samples at a time: of single "
            "ones the most typical wins, and the candidates collapse to a point.",
            {"mode": "shared", "bundle": 1},
            'Use `bundle=20`, or `mode="c2st"`.',
        )
        warnings.warn(str(warning), stacklevel=3)
