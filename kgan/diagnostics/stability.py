import numpy as np

from kgan._core.errors import invalid

WINDOW = 10


def is_stable(history, limit=0.1):
    """Whether the two losses stood still over the last 10 entries of a history.

    A loss stands still if the means of the window's two halves differ by at most
    `limit`, and its values spread by at most twice that, both relative to the larger of
    1 and the mean's size.

    Args:
        history: A Keras `History`, or a dict from names to lists with `d_loss` and
            `g_loss`, one entry an epoch.
        limit: Largest relative drift.

    Returns:
        True or False; False if there are fewer than 10 entries.
    """
    logs = getattr(history, "history", history)
    for name in ("d_loss", "g_loss"):
        if name not in logs:
            raise invalid(
                "`history` must hold `d_loss` and `g_loss`.",
                {"history": sorted(logs)},
                "Pass what `fit` returned.",
            )
        values = np.asarray(logs[name][-WINDOW:], np.float64)
        if len(values) < WINDOW or not np.isfinite(values).all():
            return False
        scale = limit * max(1.0, abs(values.mean()))
        drift = abs(values[: WINDOW // 2].mean() - values[WINDOW // 2 :].mean())
        if drift > scale or values.std() > 2 * scale:
            return False
    return True


def is_finite(history):
    """Whether every number of a history is finite."""
    logs = getattr(history, "history", history)
    return all(np.isfinite(values).all() for values in logs.values())
