"""The parts of the global batch: replicas, and the micro-batches of each."""

import contextlib
import contextvars

import tensorflow as tf

# Each replica has a thread of its own, and each thread its values.
_MICRO_BATCH = contextvars.ContextVar("micro_batch", default=(0, 1))
_MEANS = contextvars.ContextVar("means", default=None)


@contextlib.contextmanager
def _set(variable, value):
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def micro_batch(index, count):
    """Returns a context of the `index`-th of `count` micro-batches of a replica."""
    return _set(_MICRO_BATCH, (index, count))


def passing_means(function):
    """Returns a context in which `global_mean` returns `function` of its means."""
    return _set(_MEANS, function)


def part():
    """Returns the part of the global batch that is being computed.

    Returns:
        The index of the part, and the number of parts, all of equal size.
    """
    index, count = _MICRO_BATCH.get()
    context = tf.distribute.get_replica_context()
    if not context or context.num_replicas_in_sync == 1:
        return index, count
    replica = context.replica_id_in_sync_group
    return replica * count + index, context.num_replicas_in_sync * count


def global_mean(tensor):
    """Returns the mean of a tensor over the replicas, which hold equal shares.

    Its gradient is itself a mean over replicas, so that a replica learns what
    its values do to the losses of the others. Under gradient accumulation a loss gets
    the mean of its micro-batch, and a penalty with a state that of the whole batch.
    """
    context = tf.distribute.get_replica_context()
    if context and context.num_replicas_in_sync > 1:
        tensor = context.all_reduce(tf.distribute.ReduceOp.MEAN, tensor)
    function = _MEANS.get()
    return function(tensor) if function else tensor
