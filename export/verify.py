"""The comparison of an export with the Keras network that it came from."""

import collections

import numpy as np

from kgan._core.images import grey_levels
from kgan.latents import default_labels, latents, noise
from kgan_export.errors import ExportError

BATCH_SIZES = (1, 3, 64)
FLOAT_TOLERANCE = 1e-4
GREY_LEVELS = 1


def make_batches(source, static_batch=None):
    """Codes to compare on: batches of 1, 3 and 64, and every class at least once.

    Args:
        source: The `Source`.
        static_batch: The only batch size allowed, or `None`.

    Returns:
        List of dicts from the names of the inputs to arrays.
    """
    classes = source.num_classes
    sizes = [static_batch] if static_batch else list(BATCH_SIZES)
    while sum(sizes) < (classes or 0):
        sizes.append(sizes[-1])
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    return [
        draw(source, size, start) for size, start in zip(sizes, starts, strict=True)
    ]


def draw(source, n, start=0):
    """Draws what samples `start` to `start + n - 1` of seed 0 feed to a generator.

    Args:
        source: The `Source`.
        n: Number of samples.
        start: Position of the first sample.

    Returns:
        Dict from the names of the inputs, in order, to arrays.
    """
    feed = {"z": latents(source.prior, n, source.latent_dim, 0, start)}
    if source.num_classes is not None:
        feed["label"] = default_labels(n, source.num_classes, start)
    if source.condition_shape is not None:
        # What conditions are like is not known: numbers of every sign and size.
        feed["condition"] = noise(
            "normal", n, source.condition_shape, 0, "condition", start
        )
    for x in source.extra_inputs:
        feed[x.name] = noise(x.distribution, n, x.shape, 0, x.name, start)
    return feed


def compare_floats(expected, outputs, tolerance=FLOAT_TOLERANCE):
    """Compares outputs before they become grey levels.

    Args:
        expected: For each batch, the list of float32 outputs of Keras.
        outputs: For each batch, the list of float32 outputs of the export.
        tolerance: Largest difference allowed.

    Returns:
        A dict from batch sizes to the largest difference.

    Raises:
        ExportError: If a difference exceeds the tolerance or is not a number.
    """
    return _largest(expected, outputs, tolerance, "float output")


def compare_levels(interface_outputs, expected, outputs, tolerance=GREY_LEVELS):
    """Compares grey levels with those of the outputs of Keras.

    Args:
        interface_outputs: The interface's `Output`s, which tell what is grey levels.
        expected: For each batch, the list of float32 outputs of Keras.
        outputs: For each batch, the list of outputs of the export.
        tolerance: Largest difference allowed.

    Returns:
        A dict from batch sizes to the largest difference in grey levels.

    Raises:
        ExportError: If a difference exceeds the tolerance.
    """
    grey = [i for i, x in enumerate(interface_outputs) if x.dtype == "uint8"]
    levels = [[grey_levels(batch[i]) for i in grey] for batch in expected]
    outputs = [[batch[i] for i in grey] for batch in outputs]
    return _largest(levels, outputs, tolerance, "grey level")


def _largest(expected, outputs, tolerance, what):
    largest = collections.defaultdict(float)
    for truths, results in zip(expected, outputs, strict=True):
        for truth, output in zip(truths, results, strict=True):
            if truth.shape != output.shape:
                raise ExportError(
                    f"The export gives the shape {output.shape}, Keras {truth.shape}."
                )
            difference = float(np.abs(truth - output.astype(np.float64)).max())
            # Written so that a difference that is not a number fails too.
            if not difference <= tolerance:
                raise ExportError(
                    f"The export does not reproduce Keras: {what} differs by "
                    f"{difference:.3g} at batch {len(truth)}, more than {tolerance:g}. "
                    "Nothing was written."
                )
            largest[len(truth)] = max(largest[len(truth)], difference)
    return dict(largest)
