"""The time that the matrix work of a step alone needs.

Each convolution, transposed convolution and product of a game's networks, forward and
backward, is timed as a single TensorFlow primitive of its shape, and the times are
added up as often as a step needs them. A step also normalises, activates and moves
weights, so that it cannot reach this limit; but it is no proof: another form of the
same product may be faster than the primitive.
"""

import tensorflow as tf
from burst import seconds_of
from keras import layers


def seconds_of_step(gan, batch):
    """Returns the seconds of the matrix work of one step of a `kgan.GAN`.

    Left out are embeddings, and the products with a vector of spectral normalisation.
    The game shares its fakes, and has no penalty but a gradient penalty of a
    discriminator without batch normalisation.
    """
    k, penalties = gan.batches_per_step, len(gan.penalties) * gan.batches_per_step
    # A gradient penalty judges, goes back to the samples, and then forward again: the
    # derivative of going back.
    needs = (
        (gan.generator, {"forward": k, "input": 1, "kernel": 1}, 0),
        (
            gan.discriminator,
            {
                "forward": 2 * k + 1 + 2 * penalties,
                "input": 2 * k + 1 + penalties,
                "kernel": 2 * k + penalties,
            },
            1 + penalties,
        ),
    )
    nothing = tf.zeros([])
    call = seconds_of(tf.function(lambda: tf.identity(nothing)))
    total = 0.0
    for network, counts, of_samples in needs:
        with_kernel = [x for x in network.layers if hasattr(x, "kernel")]
        for index, layer in enumerate(with_kernel):
            for name, run in primitives(layer, batch).items():
                count = of_samples if (index, name) == (0, "input") else counts[name]
                if count:
                    total += count * (seconds_of(tf.function(run)) - call)
    return total


def primitives(layer, batch):
    """Returns a layer's products as functions, by what they give.

    Args:
        layer: A convolution, transposed convolution or dense layer.
        batch: Samples.

    Returns:
        Dict of functions: `forward` gives the output, `input` and `kernel` the
        gradients of these.
    """
    x, y = (
        tf.random.normal([batch, *tensor.shape[1:]])
        for tensor in (layer.input, layer.output)
    )
    kernel = tf.convert_to_tensor(layer.kernel)
    if isinstance(layer, layers.Dense):
        return {
            "forward": lambda: tf.matmul(x, kernel),
            "input": lambda: tf.matmul(y, kernel, transpose_b=True),
            "kernel": lambda: tf.matmul(x, y, transpose_a=True),
        }
    transposed = isinstance(layer, layers.Conv2DTranspose)
    fine, coarse = (y, x) if transposed else (x, y)
    options = {"strides": [1, *layer.strides, 1], "padding": layer.padding.upper()}

    def down():
        return tf.nn.conv2d(fine, kernel, **options)

    def up():
        return tf.nn.conv2d_transpose(coarse, kernel, fine.shape, **options)

    def of_kernel():
        return tf.raw_ops.Conv2DBackpropFilter(
            input=fine, filter_sizes=kernel.shape, out_backprop=coarse, **options
        )

    forward, back = (up, down) if transposed else (down, up)
    return {"forward": forward, "input": back, "kernel": of_kernel}
