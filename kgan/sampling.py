"""What a caller asks of a generator: labels and truncation. Needs NumPy only."""

import numpy as np

from kgan._core.errors import invalid
from kgan.latents import default_labels


def resolve_labels(labels, num_samples, num_classes):
    """Returns the labels of `num_samples` samples.

    Args:
        labels: None, one class, or an integer array `[num_samples]`.
        num_samples: Number of samples.
        num_classes: Number of classes; None for an unconditional generator.

    Returns:
        int64 array `[num_samples]`, by default the classes in turn; None for an
        unconditional generator.

    Raises:
        ValueError: If labels are given to an unconditional generator, or are not
            integers in `[0, num_classes)`, one or one a sample.
    """
    if num_classes is None:
        if labels is not None:
            raise invalid(
                "An unconditional generator takes no labels.",
                {"labels": labels},
                "Leave `labels` out, or train with `num_classes`.",
            )
        return None
    if labels is None:
        return default_labels(num_samples, num_classes)
    given, labels = labels, np.asarray(labels)
    if (
        labels.shape not in ((), (num_samples,))
        or labels.dtype.kind not in "iu"
        or (labels.size and not 0 <= labels.min() <= labels.max() < num_classes)
    ):
        raise invalid(
            f"`labels` must be integers from 0 to {num_classes - 1}: one class, or one "
            "a sample.",
            {"labels": given, "num_samples": num_samples},
            "Leave `labels` out to get the classes in turn.",
        )
    return np.broadcast_to(labels, [num_samples]).astype(np.int64)


def resolve_condition(condition, num_samples, shape):
    """Returns the conditions of `num_samples` samples.

    Args:
        condition: None, one condition of the shape, or an array `[num_samples, *shape]`
            of numbers, such as attributes. Images may be uint8.
        num_samples: Number of samples.
        shape: Shape of one condition; None for a generator that takes none.

    Returns:
        float32 array `[num_samples, *shape]`; None for a generator that takes none.

    Raises:
        ValueError: If a condition is missing, given to a generator that takes none, or
            of another shape.
    """
    if shape is None:
        if condition is not None:
            raise invalid(
                "A generator without a condition takes none.",
                {"condition": condition},
                "Leave `condition` out; classes are given by `labels`.",
            )
        return None
    shape = tuple(shape)
    given = None if condition is None else np.asarray(condition)
    if (
        given is None
        or given.shape not in (shape, (num_samples, *shape))
        or given.dtype.kind not in "fiub"
        or not np.isfinite(given).all()
    ):
        sizes = ", ".join(map(str, shape))
        raise invalid(
            f"`condition` must be finite numbers [{sizes}], or [num_samples, {sizes}].",
            {
                "condition": None if given is None else f"array of {given.shape}",
                "num_samples": num_samples,
            },
            "Give one condition for all samples, or one a sample.",
        )
    if given.dtype == np.uint8 and len(shape) > 1:
        given = given / np.float32(127.5) - np.float32(1)
    return np.broadcast_to(given, [num_samples, *shape]).astype(np.float32)


def truncate(prior, z, truncation):
    """Returns codes scaled by `truncation`, which trades variety for fidelity.

    Args:
        prior: Name of the prior.
        z: Codes `[N, latent_dim]`.
        truncation: Factor from 0 to 1; 1 leaves the codes as they are.

    Raises:
        ValueError: If the factor is out of range, or codes lie on a sphere.
    """
    if not 0 <= truncation <= 1:
        raise invalid(
            "`truncation` must be from 0 to 1.",
            {"truncation": truncation},
            "Use 1.0 for the whole distribution, 0.7 for more typical samples.",
        )
    if prior == "sphere" and truncation != 1:
        raise invalid(
            "Codes on a sphere cannot be truncated.",
            {"prior": prior, "truncation": truncation},
            "Use truncation=1.0.",
        )
    return z * np.float32(truncation)
