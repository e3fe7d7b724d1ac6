"""What users hand over as samples, brought into one form."""

import numpy as np

from kgan._core.errors import invalid


def as_inputs(data, name="real"):
    """Returns samples as a list of a player's inputs: `[x]` or `[x, labels]`.

    Args:
        data: An array `[N, …]`, a tuple of it and integer labels `[N]`, or a
            `kgan.data.Samples`. uint8 becomes float in [-1, 1].
        name: The user's argument, for errors.

    Raises:
        ValueError: If there are no samples, or values that are not finite.
    """
    if hasattr(data, "x"):
        data = data.x if data.y is None else (data.x, data.y)
    x, *labels = data if isinstance(data, tuple) else (data,)
    x = np.asarray(x)
    if x.dtype == np.uint8:
        x = x / np.float32(127.5) - np.float32(1)
    x = x.astype(np.float32, copy=False)
    if x.ndim < 2 or not x.size:
        raise invalid(
            f"`{name}` must be an array of samples [N, …].",
            {f"{name}.shape": x.shape},
            "Points on a line are [N, 1].",
        )
    if not np.isfinite(x).all():
        raise invalid(
            f"`{name}` must be finite.",
            {"samples with NaN or infinity": int((~np.isfinite(x)).sum())},
            "A generator that gives such samples has diverged.",
        )
    return [x, *(np.asarray(label, np.int64) for label in labels)]


def of_game(gan, inputs):
    """Returns samples, with labels if the generator takes any: those that it plays.

    Args:
        gan: The `kgan.GAN`. Where it draws labels itself, they take turns here.
        inputs: As `as_inputs` returns them.

    Raises:
        ValueError: If labels are missing.
    """
    if not gan.conditional:
        return inputs[:1]
    if gan.draws_labels:
        return [inputs[0], np.arange(len(inputs[0])) % gan.num_classes]
    if len(inputs) == 1:
        raise invalid(
            "A conditional game needs labels.",
            {"labels": None},
            "Pass real=(x, labels).",
        )
    return inputs


def as_points(data, name="samples"):
    """Returns samples flattened, float64 `[N, d]`."""
    x = as_inputs(data, name)[0]
    return x.reshape(len(x), -1).astype(np.float64)


def take(inputs, indices):
    """Returns the samples at `indices`, with their labels."""
    return [part[indices] for part in inputs]


def split(inputs, fractions, seed):
    """Returns disjoint random parts of the samples, of about the given fractions."""
    if len(inputs[0]) < 10:
        raise invalid(
            "Training and held-out parts need at least 10 samples.",
            {"samples": len(inputs[0])},
            "Some hundreds are the least that says anything.",
        )
    order = np.random.default_rng(seed).permutation(len(inputs[0]))
    bounds = np.rint(np.cumsum(fractions) * len(order)).astype(int)
    return [take(inputs, part) for part in np.split(order, bounds)[: len(fractions)]]
