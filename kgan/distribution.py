"""Means over all replicas."""

import tensorflow as tf


def global_mean(tensor):
    """Returns the mean of a tensor over the replicas, which hold equal shares.

    Its gradient is itself a mean over replicas, so that a replica learns what
    its values do to the losses of the others.
    """
    context = tf.distribute.get_replica_context()
    if context and context.num_replicas_in_sync > 1:
        return context.all_reduce(tf.distribute.ReduceOp.MEAN, tensor)
    return tensor
