"""What users write on the command line, as values, and options that commands share."""

import json
import re

import click

from kgan._core.errors import invalid

# The exit code of a process that Ctrl-C ended, as shells report it.
INTERRUPTED = 130

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object at the end."
)


def seed_option(text, highest=None):
    """Returns the option `--seed`, 0 by default.

    Args:
        text: What the seed is of.
        highest: The largest seed, or None.
    """
    return click.option(
        "--seed",
        type=click.IntRange(0, highest),
        default=0,
        show_default=True,
        help=text,
    )


# Settings that have options of their own.
_RESERVED = {
    "name": "--preset",
    "preset": "--preset",
    "image_shape": "--image-shape",
    "num_classes": "--unconditional",
    "seed": "--seed",
    "steps": "--steps",
    "batch_size": "--batch-size",
}


def parse_settings(assignments):
    """Reads `--set generator.width=32` options.

    Args:
        assignments: Texts `key.path=value`; a value is JSON, or else a string.

    Returns:
        A nested dict.

    Raises:
        ValueError: If a text is not of that form, or names what has its own option.
    """
    settings = {}
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        *tables, key = path.strip().split(".")
        if not equals or not all([*tables, key]):
            raise invalid(
                "`--set` takes key=value, with dots for the keys of a table.",
                {"set": assignment},
                "Write for instance --set generator.width=32.",
            )
        if path in _RESERVED:
            raise invalid(
                f"`{path}` has an option of its own.",
                {"set": assignment},
                f"Use {_RESERVED[path]}.",
            )
        table = settings
        for name in tables:
            table = table.setdefault(name, {})
            if not isinstance(table, dict):
                raise invalid(
                    "A setting is a value or a table, not both.",
                    {"set": assignment},
                    f"Leave out the other --set {name}.",
                )
        table[key] = _value(text)
    return settings


def parse_image_shape(text):
    """Returns `[32, 32, 3]` for `"32x32x3"`; "auto" and None as they are."""
    if text in (None, "auto"):
        return text
    if not re.fullmatch(r"[1-9]\d*([x,][1-9]\d*){2}", text):
        raise invalid(
            "An image shape must be HEIGHTxWIDTHxCHANNELS, or auto.",
            {"image_shape": text},
            "Write for instance --image-shape 32x32x3.",
        )
    return [int(size) for size in re.split("[x,]", text)]


value_range_option = click.option(
    "--value-range",
    nargs=2,
    type=float,
    metavar="LOW HIGH",
    help="Range of the values of an .npz file, as in 0 1; by default found out.",
)


# The names of kgan.metrics.features, which would load TensorFlow.
features_option = click.option(
    "--features",
    type=click.Choice(["classifier", "self-supervised", "efficientnet"]),
    help="What sees the images for the scores.  [default: classifier for labelled "
    "data, else self-supervised]",
)


def parse_devices(text):
    """Returns 2 for `"2"`, `["gpu:0", "gpu:2"]` for `"gpu:0,gpu:2"`, None for None."""
    if text is None:
        return None
    if text.isdecimal() and int(text):
        return int(text)
    names = [name.strip().lower() for name in text.split(",")]
    if not all(":" in name for name in names):
        raise invalid(
            "`--devices` takes a number of devices, or names.",
            {"devices": text},
            "Write for instance --devices 2, or --devices gpu:0,gpu:2.",
        )
    return names


def _value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_condition(text):
    """Returns `[0.5, -1.0]` for `"0.5,-1"`, and None for None."""
    if text is None:
        return None
    try:
        return [float(number) for number in text.split(",")]
    except ValueError as error:
        raise invalid(
            "A condition is numbers, one an attribute.",
            {"condition": text},
            "Write for instance --condition 0.5,-1,1.",
        ) from error
