import tensorflow as tf


def keep_top(per_sample, logits, share, step):
    """Leaves in the generator's loss only the samples that were judged most real.

    Args:
        per_sample: The generator's loss of each sample, `[N]`.
        logits: Logits of the samples, `[N, …]`.
        share: Share of the global batch to keep: a number in (0, 1], or a Keras
            learning rate schedule of it.
        step: Integer tensor: steps of `fit` so far.

    Returns:
        `[N]`: zero for the others, and scaled so that the mean is that of those kept.

    Reference:

    - [Sinha et al., 2020](https://arxiv.org/abs/2002.06224)
    """
    if share == 1:
        return per_sample
    if callable(share):
        share = share(step)
    scores = tf.reduce_mean(tf.reshape(logits, [tf.shape(per_sample)[0], -1]), axis=1)
    context = tf.distribute.get_replica_context()
    everyone = scores
    if context.num_replicas_in_sync > 1:
        everyone = context.all_gather(scores, axis=0)
    count = tf.cast(tf.size(everyone), tf.float32)
    kept = tf.clip_by_value(tf.math.ceil(share * count), 1.0, count)
    threshold = tf.sort(everyone, direction="DESCENDING")[tf.cast(kept, tf.int32) - 1]
    return tf.where(scores >= threshold, per_sample, 0.0) * count / kept
