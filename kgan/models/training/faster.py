"""Faster ways to compute what Keras's layers and Adam compute, on processors.

A player's networks keep their layers, whoever built them: single layers get another
`call`, of the same weights and the same values to rounding. Copies, such as moving
averages, saved files and exports, are plain Keras.
"""

import functools
import types

import keras
import tensorflow as tf

# Images of at most so many channels are narrow: oneDNN computes their gradient, and
# transposed convolutions to them, at a tenth of its usual speed.
_NARROW = 4


def make_layers_faster(network):
    """Gives layers of a network, and of networks in it, faster ways to compute.

    Args:
        network: A built `keras.Model`.
    """
    for layer in network._flatten_layers():
        for kind, method, function in _FASTER:
            # A class with a method of its own computes something else.
            inherited = getattr(type(layer), method, None) is getattr(kind, method)
            if inherited and method not in vars(layer):
                plain = getattr(layer, method)
                setattr(layer, method, functools.partial(function, layer, plain))


def make_adam_faster(optimizer):
    """Lets a plain `keras.optimizers.Adam` update each weight by one fused kernel.

    Args:
        optimizer: A `keras.optimizers.Optimizer`; others are left as they are.
    """
    adam = getattr(optimizer, "inner_optimizer", optimizer)
    if type(adam) is keras.optimizers.Adam and not adam.amsgrad:
        adam.update_step = types.MethodType(_adam_step, adam)


def _adam_step(adam, gradient, variable, learning_rate):
    """The formula of `keras.optimizers.Adam.update_step`."""
    number = functools.partial(tf.cast, dtype=variable.dtype)
    index = adam._get_variable_index(variable)
    beta_1, beta_2, step = map(number, (adam.beta_1, adam.beta_2, adam.iterations + 1))
    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=adam._momentums[index].value.handle,
        v=adam._velocities[index].value.handle,
        beta1_power=beta_1**step,
        beta2_power=beta_2**step,
        lr=number(learning_rate),
        beta1=beta_1,
        beta2=beta_2,
        epsilon=number(adam.epsilon),
        grad=number(gradient),
    )


def _batch_normalization(layer, plain, x, training=None, mask=None):
    """Statistics, scale and shift by one kernel, as is their gradient."""
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    if (
        not (training and layer.trainable)
        or (layer.synchronized and replicas > 1)
        or layer.renorm
        or mask is not None
        or len(x.shape) != 4
        or layer.axis not in (-1, 3)
        or layer.variable_dtype != "float32"
        or layer.compute_dtype == "float64"
    ):
        return plain(x, training=training, mask=mask)
    channels = x.shape[-1]
    scale, shift = layer.gamma, layer.beta
    # In half precision the kernel computes statistics in float32 all the same.
    x = tf.cast(x, layer.compute_dtype)
    y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=tf.ones([channels]) if scale is None else tf.convert_to_tensor(scale),
        offset=tf.zeros([channels]) if shift is None else tf.convert_to_tensor(shift),
        mean=[],
        variance=[],
        epsilon=layer.epsilon,
        is_training=True,
    )
    # The kernel's variance is the unbiased one.
    count = tf.cast(tf.size(x) // channels, tf.float32)
    variance *= (count - 1.0) / count
    for moving, value in (
        (layer.moving_mean, mean),
        (layer.moving_variance, variance),
    ):
        moving.assign(moving * layer.momentum + value * (1.0 - layer.momentum))
    return y


def _leaky_relu(layer, plain, x):
    """The gradient asks for the output, and lets the input be forgotten.

    Its own gradient by that output is zero: TensorFlow would send zeros back through
    all layers before, in each penalty of a gradient.
    """
    slope = float(layer.negative_slope)
    if slope <= 0.0:
        return plain(x)

    @tf.custom_gradient
    def function(x):
        y = tf.nn.leaky_relu(x, slope)
        features = tf.stop_gradient(y)

        def gradient(upstream):
            return tf.raw_ops.LeakyReluGrad(
                gradients=upstream, features=features, alpha=slope
            )

        return y, gradient

    return function(x)


def _convolution(layer, plain, x, kernel):
    """A convolution of narrow images, with a faster gradient by them."""
    stride = layer.strides[0]
    if layer.groups > 1 or not _is_narrow(layer, x.shape[-1], stride, x.shape[1:3]):
        return plain(x, kernel)
    return _convolve(x, tf.convert_to_tensor(kernel), stride)


def _transposed_convolution(layer, plain, x):
    """A transposed convolution to narrow images."""
    if layer.output_padding is not None or not _is_narrow(
        layer, layer.filters, 1, x.shape[1:3]
    ):
        return plain(x)
    x = tf.cast(x, layer.compute_dtype)
    y = _transpose(x, tf.convert_to_tensor(layer.kernel), layer.strides[0])
    if layer.use_bias:
        y = tf.nn.bias_add(y, tf.convert_to_tensor(layer.bias))
    return layer.activation(y)


def _is_narrow(layer, channels, divisor, sides):
    """Whether the form of `_transpose` is known, and faster, for a layer."""
    return (
        channels <= _NARROW
        and not tf.config.list_physical_devices("GPU")
        and layer.compute_dtype in ("float32", "bfloat16")
        and layer.padding == "same"
        and layer.data_format == "channels_last"
        and set(layer.dilation_rate) == {1}
        and len(set(layer.strides)) == len(set(layer.kernel_size)) == 1
        and 1 < layer.strides[0] <= layer.kernel_size[0]
        and None not in sides
        and all(side % divisor == 0 for side in sides)
    )


def _convolve(x, kernel, stride):
    @tf.custom_gradient
    def function(x, kernel):
        def gradient(upstream):
            return (
                _transpose(upstream, kernel, stride),
                _kernel_gradient(x, kernel.shape, upstream, stride),
            )

        return tf.nn.conv2d(x, kernel, stride, "SAME"), gradient

    return function(x, kernel)


def _transpose(x, kernel, stride):
    """Transposed convolution: one product, whose overlapping patches are added."""

    @tf.custom_gradient
    def function(x, kernel):
        size, _, channels, features = kernel.shape
        _, height, width, _ = x.shape
        matrix = tf.reshape(tf.transpose(kernel, [3, 0, 1, 2]), [features, -1])
        patches = tf.reshape(x, [-1, features]) @ matrix
        rows = _add_overlaps(
            tf.reshape(patches, [-1, height, width, size, size * channels]), stride
        )
        y = _add_overlaps(tf.reshape(rows, [-1, width, 1, size, channels]), stride)

        def gradient(upstream):
            return (
                _convolve(upstream, kernel, stride),
                _kernel_gradient(upstream, kernel.shape, x, stride),
            )

        return tf.reshape(y, [-1, height * stride, width * stride, channels]), gradient

    return function(x, kernel)


def _kernel_gradient(x, shape, upstream, stride):
    return tf.raw_ops.Conv2DBackpropFilter(
        input=x,
        filter_sizes=shape.as_list(),
        out_backprop=upstream,
        strides=[1, stride, stride, 1],
        padding="SAME",
    )


def _add_overlaps(patches, stride):
    """Adds patches `[A, n, B, size, C]`, each `stride` further on the second axis.

    Returns:
        A tensor `[A, n · stride, B, C]`; what reaches over the ends is cut off.
    """
    _, number, between, size, channels = patches.shape
    before = (size - stride) // 2
    phases = [[] for _ in range(stride)]
    for place in range(size):
        shift, phase = divmod(place - before, stride)
        ahead, behind = max(shift, 0), max(-shift, 0)
        part = patches[:, behind : number - ahead, :, place]
        phases[phase].append(tf.pad(part, [[0, 0], [ahead, behind], [0, 0], [0, 0]]))
    phases = [tf.add_n(parts) for parts in phases]
    return tf.reshape(tf.stack(phases, 2), [-1, number * stride, between, channels])


_FASTER = (
    (keras.layers.BatchNormalization, "call", _batch_normalization),
    (keras.layers.LeakyReLU, "call", _leaky_relu),
    (keras.layers.Conv2D, "convolution_op", _convolution),
    (keras.layers.Conv2DTranspose, "call", _transposed_convolution),
)
