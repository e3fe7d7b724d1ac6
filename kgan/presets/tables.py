"""Settings as TOML files: read, merged, checked.

What `kgan.presets` and `kgan.lab` share.
"""

import tomllib

from kgan._core.errors import invalid

# Tables that replace those of the file below instead of being merged into them.
_WHOLE = ("penalties", "objectives", "discriminator_steps", "generator_steps")

# What may stand for a default of a kind: a whole number for one with a point.
_NUMBERS = {int: int, float: (int, float)}


def read(folder):
    """Returns a dict from the names of a folder's TOML files, sorted, to their tables.

    Args:
        folder: A path, or what `importlib.resources.files` gives.
    """
    files = {f.name[:-5]: f for f in folder.iterdir() if f.name.endswith(".toml")}
    return {name: tomllib.loads(files[name].read_text()) for name in sorted(files)}


def merge(base, changes, new=False):
    """Returns `base` with `changes`; tables that name players' arguments are merged.

    Args:
        base: Dict of settings.
        changes: Dict of values that replace those of `base`.
        new: Whether `changes` may hold settings that `base` lacks.

    Raises:
        ValueError: If a setting is unknown, or of the wrong kind.
    """
    merged = dict(base)
    for key, value in changes.items():
        if not new:
            _check(base, key, value)
        nested = isinstance(value, dict) and key not in _WHOLE
        merged[key] = (
            {**_common(base.get(key, {}), value), **value} if nested else value
        )
    return merged


def _common(old, new):
    """Returns what stays of a table: arguments of one class are not another's."""
    if "class_name" not in new:
        return old
    return {name: old[name] for name in ("learning_rate",) if name in old}


def _check(base, key, value):
    """Raises a `ValueError` unless `value` is of the kind that the setting has."""
    if key not in base:
        raise invalid(
            f"A setting must be one of {', '.join(sorted(base))}.",
            {key: value},
            "`defaults.toml` and `models/` in kgan/presets say what each means.",
        )
    table = isinstance(value, dict)
    if key in ("discriminator_steps", "generator_steps"):
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
    elif type(base[key]) in _NUMBERS and not isinstance(
        value, _NUMBERS[type(base[key])]
    ):
        raise invalid(
            f"`{key}` is a number, {base[key]} by default.",
            {key: value},
            "Give a number of the same kind.",
        )
