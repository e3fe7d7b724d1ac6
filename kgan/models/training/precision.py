"""Mixed precision: scaled losses, and steps that are skipped when they overflow."""

import keras
import tensorflow as tf

from kgan._core.distribution import global_mean


def with_loss_scale(optimizer, networks):
    """Returns an optimizer that scales the loss if a network computes in float16.

    Gradients below 6e-8 are zero in float16; a factor lifts them above it.
    """
    layers = (layer for network in networks for layer in network._flatten_layers())
    half = any(layer.compute_dtype == "float16" for layer in layers)
    if not half or scales(optimizer):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer)


def scales(optimizer):
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def overflow(gradients):
    """Finds out whether gradients are finite on all replicas.

    Returns:
        The gradients, NaN on all replicas if they are not finite on one: Keras asks the
        first alone. And a bool tensor: whether they are finite on all.
    """
    gradients = [g if g is None else tf.convert_to_tensor(g) for g in gradients]
    finite = [tf.reduce_all(tf.math.is_finite(g)) for g in gradients if g is not None]
    share = global_mean(tf.cast(tf.reduce_all(finite), tf.float32))
    sound = share > 1 - 1e-6
    gradients = [
        None if g is None else tf.where(sound, g, tf.constant(float("nan"), g.dtype))
        for g in gradients
    ]
    return gradients, sound
