"""The comparison of an export with the Keras generator that it came from."""

import collections

import numpy as np
import tensorflow as tf

from kgan.latents import default_labels, latents
from kgan_export.errors import ExportError
from kgan_export.signature import call

BATCH_SIZES = (1, 3, 64)
FLOAT_TOLERANCE = 1e-4
GREY_LEVELS = 1


def make_batches(source, static_batch=None):
    """Codes to compare on: batches of 1, 3 and 64, and every class at least once.

    Args:
        source: The `Source`.
        static_batch: The only batch size allowed, or `None`.

    Returns:
        List of `(z float32 [N, latent_dim], label int64 [N] or None)`.
    """
    classes = source.num_classes
    sizes = [static_batch] if static_batch else list(BATCH_SIZES)
    while sum(sizes) < (classes or 0):
        sizes.append(sizes[-1])
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    return [
        (
            latents(source.prior, size, source.latent_dim, seed=0, start=start),
            None if classes is None else default_labels(size, classes, start),
        )
        for size, start in zip(sizes, starts, strict=True)
    ]


def compare_floats(generator, signature, batches, outputs):
    """Compares outputs before quantisation.

    Args:
        generator: The Keras generator, the truth.
        signature: The `Signature`, for the layout.
        batches: What `make_batches` returned.
        outputs: float32 outputs of the export, one array a batch.

    Returns:
        The Keras outputs, and a dict from batch sizes to the largest difference.

    Raises:
        ExportError: If a difference exceeds 1e-4 or is not a number.
    """
    with tf.device("CPU:0"):  # GPUs may round to TF32, far above the tolerance
        expected = [
            np.asarray(signature.arrange(call(generator, *batch))) for batch in batches
        ]
    return expected, _largest(expected, outputs, FLOAT_TOLERANCE, "float output")


def compare_levels(expected, outputs):
    """Compares quantised outputs with the quantisation of the Keras outputs.

    Args:
        expected: float32 Keras outputs, one array a batch.
        outputs: uint8 outputs of the export, one array a batch.

    Returns:
        A dict from batch sizes to the largest difference in grey levels.

    Raises:
        ExportError: If a difference exceeds one grey level.
    """
    levels = [np.clip(np.floor(127.5 * x + 128), 0, 255) for x in expected]
    return _largest(levels, outputs, GREY_LEVELS, "grey level")


def _largest(expected, outputs, tolerance, what):
    largest = collections.defaultdict(float)
    for truth, output in zip(expected, outputs, strict=True):
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
