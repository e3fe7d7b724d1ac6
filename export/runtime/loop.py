"""The loop over batches in which every exported generator is run."""

import numpy as np

from kgan._core.memory import check_memory
from kgan.latents import integer
from kgan.sampling import truncate
from kgan_export.errors import ExportError
from kgan_export.interface.metadata import DTYPES, row_size


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
        ValueError: If the samples, or those of one batch, do not fit into memory.
        ExportError: If the generator fails, or gives other samples than it tells.
    """
    fixed = metadata["static_batch"]
    batch_size = fixed or min(n, integer("batch_size", batch_size, 1, 2**31))
    check_memory(batch_size * row_size(metadata), {"batch_size": batch_size})
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
        for name, output in _run(session, feed, metadata).items():
            if name not in results:
                size = output.nbytes // len(output)
                check_memory(n * size, {"n": n, name: output.shape[1:]})
                results[name] = np.empty((n, *output.shape[1:]), output.dtype)
            results[name][start : start + count] = output[:count]
    # In the order of the metadata: a SavedModel sorts its outputs by name.
    told = [x["name"] for x in metadata["outputs"] or []]
    results = {name: results[name] for name in told or results}
    return results if len(results) > 1 else results.popitem()[1]


def _run(session, feed, metadata):
    """Dict from the names of the outputs to their arrays for one batch, checked."""
    try:
        outputs = session.run(feed)
    except Exception as error:  # the runtimes' errors share no public class
        raise ExportError(f"The generator failed: {error}") from error
    n = len(feed["z"])
    told = {x["name"]: (n, *x["shape"]) for x in metadata["outputs"] or []}
    if not told and metadata["sample_shape"] and len(outputs) == 1:
        told = dict.fromkeys(session.outputs, (n, *metadata["sample_shape"]))
    named = dict(zip(session.outputs, outputs, strict=True))
    for name, x in named.items():
        shape, dtype = np.shape(x), getattr(x, "dtype", type(x).__name__)
        if shape != told.get(name, (n, *shape[1:])) or dtype not in DTYPES:
            raise ExportError(
                f"The generator gave {dtype} {list(shape)} as {name} for {n} codes. "
                "The file is damaged or no export of kgan."
            )
    return named


def _pad(rows, missing):
    """Repeats the last row, to fill a batch of fixed size."""
    return np.pad(rows, [(0, missing)] + [(0, 0)] * (rows.ndim - 1), "edge")
