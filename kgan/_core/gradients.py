"""Gradients of a player with respect to its input.

The only tapes outside `kgan.models`; they never touch weights.
"""

import tensorflow as tf

from kgan._core.nests import leaves, map_leaves


def logits_of(outputs):
    """Returns the logits of a discriminator's outputs, a tensor or a dict."""
    return outputs["logits"] if isinstance(outputs, dict) else outputs


def outputs_of(outputs):
    """Returns a discriminator's outputs as a dict of float32 tensors."""
    outputs = outputs if isinstance(outputs, dict) else {"logits": outputs}
    return {name: tf.cast(value, tf.float32) for name, value in outputs.items()}


def input_gradient(discriminator, samples):
    """Returns the gradient of each logit with respect to its own sample.

    Args:
        discriminator: A callable from samples to logits `[N, …]` or a dict with them.
        samples: Float tensor `[N, …]`, or a nest of such tensors.

    Returns:
        Float32 tensors of the structure of `samples`.
    """
    samples = map_leaves(tf.convert_to_tensor, samples)
    with tf.GradientTape() as tape:
        tape.watch(leaves(samples))
        total = tf.reduce_sum(tf.cast(logits_of(discriminator(samples)), tf.float32))
    gradient = tape.gradient(
        total, samples, unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return map_leaves(lambda x: tf.cast(x, tf.float32), gradient)


def vector_jacobian(function, inputs, vector):
    """Returns the product of a vector with the Jacobian of a function, per sample.

    Args:
        function: A callable from `inputs` to outputs `[N, …]`.
        inputs: Float tensor `[N, D]`.
        vector: Float tensors of the structure and shapes of the outputs.

    Returns:
        A float32 tensor `[N, D]`.
    """
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = function(inputs)
    return tf.cast(tape.gradient(outputs, inputs, vector), tf.float32)


def squared_norm(samples):
    """Returns the squared Euclidean norm of each sample, a tensor or a nest, `[N]`."""
    norms = [
        tf.reduce_sum(tf.square(x), axis=range(1, len(x.shape)))
        for x in leaves(samples)
    ]
    return norms[0] if len(norms) == 1 else tf.add_n(norms)


def norm(samples, epsilon=1e-12):
    """Returns the Euclidean norm of each sample, `[N]`, differentiable at zero."""
    return tf.sqrt(squared_norm(samples) + epsilon)
