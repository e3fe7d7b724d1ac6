"""From what the user hands to `fit` to the batches of its steps."""

import math

import numpy as np
import tensorflow as tf

from kgan import data
from kgan._core.errors import invalid


def training_data(gan, x, y, batch_size, shuffle, steps_per_epoch):
    """Returns the data set of whole steps that `fit` trains on, and steps an epoch.

    An array becomes an endless stream that starts where the model's step count left
    off, so that a loaded model goes on with the data it would have seen.

    Args:
        gan: The compiled game.
        x: Array, `tf.data.Dataset` or distributed data set.
        y: Labels, with an array.
        batch_size: With an array, the batch of one discriminator update.
        shuffle: Whether to shuffle an array.
        steps_per_epoch: Steps an epoch, or None for one pass.
    """
    if isinstance(x, tf.distribute.DistributedDataset):
        return x, steps_per_epoch
    if isinstance(x, tf.data.Dataset):
        for name, value in (("y", y), ("batch_size", batch_size)):
            if value is not None:
                raise invalid(
                    f"A data set brings its own labels and batches, so no `{name}`.",
                    {name: value},
                    "Leave it out.",
                )
        return _from_dataset(gan, x, steps_per_epoch)
    samples = data.from_arrays(x, y)
    _check_batch(gan, samples.x[:1], samples.y)
    _check_parts(gan, batch_size or 64)
    batch_size = (batch_size or 64) * gan.discriminator_steps.most
    if len(samples) < batch_size:
        raise invalid(
            "The data must hold at least one step: `discriminator_steps` batches.",
            {
                "samples": len(samples),
                "batch_size": batch_size // gan.discriminator_steps.most,
                "discriminator_steps": gan.discriminator_steps.most,
            },
            "Use a smaller `batch_size`.",
        )
    dataset = data.batches(
        samples,
        batch_size,
        shuffle=shuffle,
        seed=gan.seed,
        start=int(gan.step.numpy()) * batch_size,
        repeat=True,
    )
    return dataset, steps_per_epoch or len(samples) // batch_size


def _from_dataset(gan, dataset, steps_per_epoch):
    first = next(iter(data.without_autotune(dataset.take(1))), None)
    if first is None:
        raise invalid(
            "The data set must hold at least one batch.",
            {"x": dataset},
            "Check its source, and that `drop_remainder` does not drop all of it.",
        )
    if isinstance(first, tuple) and len(first) > 2:
        raise invalid(
            "A data set must give samples or (samples, labels).",
            {"parts": len(first)},
            "Drop the others, for example with x.map(lambda x, y, *_: (x, y)).",
        )
    x, y = first if isinstance(first, tuple) else (first, None)
    _check_batch(gan, x, y)
    if x.dtype == tf.uint8:
        raise invalid(
            "A data set must give floats in [-1, 1].",
            {"x.dtype": "uint8"},
            "Load the data by `kgan.data.load`, or map it to x / 127.5 - 1.",
        )
    _check_parts(gan, len(x))
    steps = gan.discriminator_steps.most
    count = dataset.cardinality() // steps
    full = tf.nest.flatten(dataset.element_spec)[0].shape[0] is not None
    if steps > 1 or not full:  # whole steps of whole batches
        dataset = dataset.rebatch(len(x) * steps, drop_remainder=True)
    if full and count > 0:
        # One iterator for all epochs: Keras would make two an epoch, which shuffles
        # twice, and count the slices of a strategy's worker as its batches.
        dataset, steps_per_epoch = dataset.repeat(), steps_per_epoch or int(count)
    return data.without_autotune(dataset), steps_per_epoch


def _check_parts(gan, batch_size):
    """Checks that a batch divides into replicas, micro-batches and packs."""
    parts = {
        "replicas": gan.distribute_strategy.num_replicas_in_sync,
        "gradient_accumulation_steps": gan.gradient_accumulation_steps,
        "pack": gan.pack,
    }
    if batch_size % math.prod(parts.values()):
        raise invalid(
            "The batch of all replicas must divide into equal parts: replicas, their "
            "micro-batches, and whole packs.",
            {"batch_size": batch_size, **parts},
            f"Use a multiple of {math.prod(parts.values())}.",
        )


def _check_batch(gan, x, y):
    """Checks a batch of samples against the players."""
    x = np.asarray(x)
    expected = gan.sample_shape
    if x.shape[1:] != expected:
        raise invalid(
            f"Samples must have the shape of the generator's, {expected}.",
            {"x.shape": x.shape},
            "Resize the data, or build the networks for its shape.",
        )
    if x.ndim > 2 and x.dtype != np.uint8 and not (-1 <= x.min() <= x.max() <= 1):
        raise invalid(
            "Samples must be scaled to [-1, 1].",
            {"x.min()": float(x.min()), "x.max()": float(x.max())},
            "Load the data by `kgan.data.load`, or use x / 127.5 - 1.",
        )
    classes = gan.data_classes
    if classes is not None:
        if y is None:
            raise invalid(
                "A conditional game needs labels.",
                {"y": None},
                "Pass (x, y), or build the networks without `num_classes`.",
            )
        y = np.asarray(y)
        lowest = 0 if gan.conditional else -1
        if y.ndim != 1 or not lowest <= y.min() <= y.max() < classes:
            raise invalid(
                f"Labels must be integers [N] from {lowest} to {classes - 1}.",
                {"y.shape": y.shape, "y.min()": y.min(), "y.max()": y.max()},
                "Build the networks with the data's `num_classes`.",
            )
