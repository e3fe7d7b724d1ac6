"""Bounds on what is allocated, told before it is."""

import os

from kgan._core.errors import invalid


def check_memory(size, received):
    """Raises if an array would be larger than the machine's memory.

    Where the system does not tell its memory, any size passes.

    Args:
        size: Bytes.
        received: Dict from the arguments that ask for it to their values.

    Raises:
        ValueError: If it does not fit.
    """
    if size > memory():
        raise invalid(
            f"The result must fit into memory. It would take {size / 1e9:,.0f} GB of "
            f"{memory() / 1e9:,.0f} GB.",
            received,
            "Ask for less at a time.",
        )


def memory():
    """Bytes of the machine's memory, or infinity where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return float("inf")
