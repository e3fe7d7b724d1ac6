"""Gradients of a player with respect to its input.

The only tapes outside `kgan.models`; they never touch weights.
"""

import tensorflow as tf


def logits_of(outputs):
    """Returns the logits of a discriminator's outputs, a tensor or a dict."""
    return outputs["logits"] if isinstance(outputs, dict) else outputs


def outputs_of(outputs):
    """Returns a discriminator's outputs as a dict of float32 tensors."""
    outputs = outputs if isinstance(outputs, dict) else {"logits": outputs}
    return {name: tf.cast(value, tf.float32) for name, value in outputs.items()}


def join(player, x, label):
    """Returns what a player takes: `x`, or `[x, label]`."""
    return [x, label] if len(player.inputs) == 2 else x


def input_gradient(discriminator, samples):
    """Returns the gradient of each logit with respect to its own sample.

    Args:
        discriminator: A callable from samples to logits `[N, …]` or a dict with them.
        samples: Float tensor `[N, …]`.

    Returns:
        A float32 tensor of the shape of `samples`.
    """
    samples = tf.convert_to_tensor(samples)
    with tf.GradientTape() as tape:
        tape.watch(samples)
        total = tf.reduce_sum(tf.cast(logits_of(discriminator(samples)), tf.float32))
    gradient = tape.gradient(
        total, samples, unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return tf.cast(gradient, tf.float32)


def vector_jacobian(function, inputs, vector):
    """Returns the product of a vector with the Jacobian of a function, per sample.

    Args:
        function: A callable from `inputs` to outputs `[N, …]`.
        inputs: Float tensor `[N, D]`.
        vector: Float tensor of the outputs' shape.

    Returns:
        A float32 tensor `[N, D]`.
    """
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = function(inputs)
    return tf.cast(tape.gradient(outputs, inputs, vector), tf.float32)


def squared_norm(tensor):
    """Returns the squared Euclidean norm of each sample, `[N]`."""
    return tf.reduce_sum(tf.square(tensor), axis=range(1, len(tensor.shape)))


def norm(tensor, epsilon=1e-12):
    """Returns the Euclidean norm of each sample, `[N]`, differentiable at zero."""
    return tf.sqrt(squared_norm(tensor) + epsilon)
