"""Nearest neighbours among features, exactly: what several metrics rest on."""

import numpy as np
from scipy.spatial.distance import cdist

# Members of each set that are compared: the distances of all pairs are computed.
MOST = 10_000
# Rows of distances at a time, for the sake of memory.
_ROWS = 1000


def radii(features, k):
    """Returns the distance of each vector to its k-th nearest other one.

    Args:
        features: `[N, D]`, N above k.
        k: Which neighbour.

    Returns:
        float64 `[N]`.
    """
    parts = [
        # At 0 stands the vector itself, or its equal.
        np.partition(distances, k, axis=1)[:, k]
        for distances in blocks(features, features)
    ]
    return np.concatenate(parts)


def blocks(rows, columns):
    """Yields the Euclidean distances `[n, M]` of all pairs, some rows at a time.

    Args:
        rows: `[N, D]`.
        columns: `[M, D]`.
    """
    columns = np.asarray(columns, np.float64)
    for start in range(0, len(rows), _ROWS):
        yield cdist(np.asarray(rows[start : start + _ROWS], np.float64), columns)


def nearest(rows, columns):
    """Returns the index of each row's nearest column, int64 `[N]`."""
    return np.concatenate([part.argmin(axis=1) for part in blocks(rows, columns)])
