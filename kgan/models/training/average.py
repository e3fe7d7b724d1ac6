import tensorflow as tf


def update_average(average, model, decay, step, ramp=True):
    """Moves the weights of `average` towards those of `model`, in a replica or not.

    Trainable weights follow with `min(decay, (1 + step) / (10 + step))`, or without the
    ramp with `decay`; the others, such as the statistics of batch normalisation, are
    copied.

    Args:
        average: A clone of `model`.
        model: A `keras.Model`.
        decay: Decay in [0, 1).
        step: Integer tensor: updates of `model` so far.
        ramp: Whether the decay grows in the first steps, as for random weights.
    """
    if ramp:
        step = tf.cast(step, tf.float32)
        decay = tf.minimum(decay, (1.0 + step) / (10.0 + step))
    # Not by `trainable_variables`: a layer of the model may have been frozen.
    pairs = [
        (target.value, source.value, decay if source.trainable else None)
        for target, source in zip(average.variables, model.variables, strict=True)
    ]

    def update(strategy, pairs):
        for target, source, decay in pairs:
            strategy.extended.update(target, _lerp, args=(source, decay), group=False)

    context = tf.distribute.get_replica_context()
    context.merge_call(update, args=(pairs,))


def _lerp(target, source, decay):
    source = tf.convert_to_tensor(source)
    if decay is None:
        target.assign(source)
    else:
        target.assign_sub((1.0 - tf.cast(decay, source.dtype)) * (target - source))
