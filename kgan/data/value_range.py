"""The one rule of what range samples are in, for arrays and for data sets."""

import math

from kgan._core.errors import invalid

# What rounding to half precision adds to values at the ends of a range, as a share.
SLACK = 1e-3


def find_range(low, high, integers, kind, value_range="auto"):
    """Returns the range `(bottom, top)` that values lie in, and that becomes [-1, 1].

    Integers are 0–255. Float images are taken as [-1, 1] where some value is negative,
    as [0, 1] where none is above 1, else as [0, 255]; audio and video are in [-1, 1].

    Args:
        low: The smallest value.
        high: The largest value.
        integers: Whether the values are integers.
        kind: "images", "audio" or "video".
        value_range: `(bottom, top)`, or "auto" for the rule.

    Raises:
        ValueError: If the values are not in the range, or the range is none.
    """
    if isinstance(value_range, str) and value_range == "auto":
        bottom, top = _guess(low, high, integers, kind)
    else:
        bottom, top = check_range(value_range)
    if not (low >= bottom and high <= top):  # also where they are NaN
        raise invalid(
            f"Values must be in [{bottom:g}, {top:g}]"
            + (
                ": integers 0–255, audio and video [-1, 1], or float images [-1, 1], "
                "[0, 1] or [0, 255]."
                if isinstance(value_range, str)
                else "."
            ),
            {"x.min()": low, "x.max()": high},
            "Rescale the samples or pass their `value_range=(low, high)`.",
        )
    return bottom, top


def check_range(value_range):
    """Returns `value_range` as two floats, or "auto" as it is.

    Raises:
        ValueError: If it is neither "auto" nor two finite numbers that rise.
    """
    if isinstance(value_range, str) and value_range == "auto":
        return value_range
    try:
        bottom, top = map(float, value_range)
    except (TypeError, ValueError):
        bottom = top = math.nan
    if not (math.isfinite(bottom) and math.isfinite(top) and bottom < top):
        raise invalid(
            '`value_range` must be "auto" or two numbers, the lower first.',
            {"value_range": value_range},
            "Pass for instance value_range=(0, 255).",
        )
    return bottom, top


def _guess(low, high, integers, kind):
    if integers:
        if high == 1 and low == 0:
            raise invalid(
                "Integer images span 0–255, but these hold only 0 and 1.",
                {"value_range": "auto"},
                "Pass value_range=(0, 1) for masks, or value_range=(0, 255).",
            )
        return 0, 255
    if low < 0 or kind != "images":
        return -1, 1
    return (0, 1) if high <= 1 else (0, 255)
