"""Trials: what a judge sees at a time."""

import numpy as np


def trials(samples, bundle=20):
    """Returns what judges see of samples: bundles, or trajectories as they are.

    The order of samples in a bundle tells nothing, so they are sorted by their first
    feature: then every position has a meaning of its own, an order statistic, which
    makes differences in spread and shape visible even to simple judges.

    Args:
        samples: Float array `[n, features]`, or `[n, time, features]`.
        bundle: Samples in a trial; trajectories are trials by themselves.

    Returns:
        Array `[n // bundle, bundle, features]`, or the trajectories.

    Example:

    >>> trials(np.array([[3.0], [1.0], [2.0], [0.0]]), bundle=2).tolist()
    [[[1.0], [3.0]], [[0.0], [2.0]]]
    """
    if samples.ndim == 3:
        return samples
    count = len(samples) // bundle
    bundles = samples[: count * bundle].reshape(count, bundle, -1)
    order = np.argsort(bundles[:, :, 0], axis=1, kind="stable")
    return np.take_along_axis(bundles, order[:, :, None], axis=1)


def flat(trials):
    """Returns trials as scikit-learn takes them, `[n, steps * features]`."""
    return trials.reshape(len(trials), -1)
