"""What the processor is and can, as Linux tells it. Needs the standard library only."""

import os
import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def describe(path=CPUINFO):
    """Returns the name of the processor and its features.

    Args:
        path: File of the form of `/proc/cpuinfo`.

    Returns:
        A text, and a frozenset of names such as `"avx2"`; empty where the system does
        not tell them, as macOS and Windows do not.
    """
    name, features = platform.machine(), frozenset()
    try:
        with open(path) as file:
            for line in file:  # only the first of the processors: all are alike
                key, _, value = line.partition(":")
                if key.strip() == "model name":
                    name = value.strip()
                elif key.strip() in ("flags", "Features"):
                    features = frozenset(value.split())
                    break
    except OSError:
        pass
    return name, features


def usable_cores():
    """Returns how many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
