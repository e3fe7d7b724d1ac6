"""What `config.json` of a run must hold to be read. Needs no TensorFlow."""

import json
import math

# More is no configuration.
LARGEST = 2**24


def _is_text(value):
    return isinstance(value, str)


def _is_number(low, high):
    def check(value):
        return type(value) is int and low <= value <= high

    return check


def _or_none(check):
    return lambda value: value is None or check(value)


def _are_names(value):
    return isinstance(value, list) and all(map(_is_text, value))


def _is_shape(value):
    return (
        isinstance(value, list)
        and 1 <= len(value) <= 4
        and all(map(_is_number(1, 2**20), value))
    )


def _is_dict(value):
    return isinstance(value, dict)


def _is_range(value):
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(end) in (int, float) and math.isfinite(end) for end in value)
    )


# Of keys that are there; runs of earlier versions lack some.
CONFIG = {
    "preset": _is_text,
    "data": _or_none(_is_text),
    "data_b": _or_none(_is_text),
    "value_range": _is_range,
    "dataset": _is_text,
    "class_names": _or_none(_are_names),
    "licence": _or_none(_is_text),
    "num_samples": _is_number(0, 2**63),
    "data_crc32": _is_number(0, 2**32),
    "data_b_crc32": _is_number(0, 2**32),
    "features": _or_none(_is_text),
    "init": _is_dict,
    "evaluate_every": _is_number(0, 2**63),
    "save_every": _is_number(1, 2**63),
    "sample_every": _is_number(1, 2**63),
    "runtime": _is_dict,
    "versions": _is_dict,
    "quickstart": _is_dict,
    "settings": _is_dict,
}
SETTINGS = {
    "model": _is_text,
    "preset": _is_text,
    "network": _is_text,
    "image_shape": _is_shape,
    "num_classes": _or_none(_is_number(1, 2**24)),
    "condition_dim": _or_none(_is_number(1, 2**24)),
    "seed": _is_number(0, 2**63 - 1),
    "steps": _or_none(_is_number(1, 2**63)),
    "batch_size": _is_number(1, 2**24),
    "gradient_accumulation_steps": _is_number(1, 2**24),
    "precision": _or_none(_is_text),
}


def read_config(text):
    """Returns the configuration that a JSON text holds.

    Args:
        text: What the file holds, `bytes`.

    Raises:
        ValueError: If it is no configuration; the message says what is wrong.
    """
    if len(text) > LARGEST:
        raise ValueError(f"it has {len(text)} bytes")
    try:
        config = json.loads(text.decode("utf-8"), parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not _is_dict(config) or not _is_dict(config.get("settings")):
        raise ValueError("it holds no settings")
    _check(config, CONFIG)
    _check(config["settings"], SETTINGS, "settings.")
    return config


def _check(values, schema, prefix=""):
    for name, check in schema.items():
        if name in values and not check(values[name]):
            raise ValueError(f"{prefix}{name} is {values[name]!r:.200}")
    for name, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{prefix}{name} is {value}")


def _refuse(word):
    raise ValueError(f"{word} is no number of JSON")
