"""Checks of the batches on which players grow."""

import tensorflow as tf

from kgan._core.errors import invalid
from kgan.models.training.sources import is_stream


def check_batches(game, batch_size):
    """Checks that batches are the schedule's, and divide at every resolution.

    Args:
        game: The compiled `kgan.ProgressiveGAN`.
        batch_size: Samples in a batch of the data, or None where that is not known.
    """
    growth = game.growth
    if batch_size not in (None, growth.batch_size):
        raise invalid(
            "The batches must be those of the schedule.",
            {"batch_size": batch_size, "growth.batch_size": growth.batch_size},
            "Set it in kgan.schedules.Growth(batch_size=…).",
        )
    parts = (
        game.distribute_strategy.num_replicas_in_sync
        * game.gradient_accumulation_steps
        * game.pack
    )
    for phase in game.phases:
        if phase.batch_size % parts:
            raise invalid(
                "The batches of every resolution must divide into equal parts: "
                "replicas, their micro-batches, and whole packs.",
                {"batch_size": phase.batch_size, "size": phase.size},
                f"Use multiples of {parts}.",
            )


def size_and_length(x, batch_size):
    """Returns the samples in a batch of the data and its batches, None if unknown.

    Args:
        x: An array or a data set.
        batch_size: With an array, the size of its batches.
    """
    if isinstance(x, tf.distribute.DistributedDataset):
        return None, None
    if isinstance(x, tf.data.Dataset):
        length = int(x.cardinality())
        shape = tf.nest.flatten(x.element_spec)[0].shape
        return shape[0] if shape.rank else None, length if length > 0 else None
    if is_stream(x):
        return None, None
    return batch_size, len(x) // batch_size
