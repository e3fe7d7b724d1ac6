"""The loop over batches in which every exported generator is run."""

import numpy as np

from kgan.latents import integer
from kgan.sampling import truncate
from kgan_export.errors import ExportError


def fill(session, metadata, n, draw, conditions, truncation, batch_size):
    """Runs a generator batch by batch into preallocated arrays.

    Args:
        session: An `OnnxSession` or a `SavedModelSession`.
        metadata: What the export says of itself.
        n: Number of samples.
        draw: Function of the position of a batch's first sample and the number of its
            samples; returns their codes, and a dict of their further inputs.
        conditions: Dict from names of conditions to arrays, one row a sample.
        truncation: Factor from 0 to 1.
        batch_size: Samples in a batch, where the export leaves it open.

    Returns:
        Array `[n, *sample_shape]`, or a dict of arrays if there are several outputs.

    Raises:
        ExportError: If the generator fails, or gives no samples.
    """
    fixed = metadata["static_batch"]
    batch_size = fixed or integer("batch_size", batch_size, 1, 2**31)
    feed, scale = {}, truncation
    if "truncation" in session.inputs:
        feed, scale = {"truncation": np.float32([truncation])}, 1.0
    results = {}
    for start in range(0, n, batch_size):
        count = min(batch_size, n - start)
        missing = fixed - count if fixed else 0
        z, extras = draw(start, count)
        z = truncate(metadata["prior"], z, scale)
        parts = {name: x[start : start + count] for name, x in conditions.items()}
        rows = {"z": z, **extras, **parts}
        feed |= {name: _pad(x, missing) for name, x in rows.items()}
        for name, output in _run(session, feed).items():
            if name not in results:
                results[name] = np.empty((n, *output.shape[1:]), output.dtype)
            results[name][start : start + count] = output[:count]
    # In the order of the metadata: a SavedModel sorts its outputs by name.
    told = [x["name"] for x in metadata.get("outputs") or []]
    results = {name: results[name] for name in told or results}
    return results if len(results) > 1 else results.popitem()[1]


def _run(session, feed):
    """Dict from the names of the outputs to their arrays for one batch."""
    try:
        outputs = session.run(feed)
    except Exception as error:  # the runtimes' errors share no public class
        raise ExportError(f"The generator failed: {error}") from error
    n = len(feed["z"])
    if any(np.shape(x)[:1] != (n,) for x in outputs):
        shapes = [np.shape(x) for x in outputs]
        raise ExportError(f"The generator gave {shapes} for {n} codes.")
    return dict(zip(session.outputs, outputs, strict=True))


def _pad(rows, missing):
    """Repeats the last row, to fill a batch of fixed size."""
    return np.pad(rows, [(0, missing)] + [(0, 0)] * (rows.ndim - 1), "edge")
