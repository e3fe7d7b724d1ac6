"""Progressive GAN: blocks of growing resolution, without any batch normalisation."""

import functools
import math

import keras
from keras import layers

from kgan._core.errors import invalid
from kgan._core.framing import crop_to, pad_to
from kgan.layers import (
    EqualizedConv2D,
    EqualizedDense,
    MinibatchDeviation,
    PixelNormalization,
)
from kgan.networks.conditioning import code_inputs, discriminator_of, sample_inputs

# Divided by the resolution it is the number of channels in the paper, 512 at most.
_PAPER_CHANNELS = 16_384


def generator(image_shape, latent_dim=512, width=32, num_classes=None, max_width=512):
    """Generator that `kgan.ProgressiveGAN` grows from 4×4 on.

    A block for each resolution: nearest upsampling, then twice a 3×3 convolution with
    an equalised learning rate, leaky ReLU and pixel normalisation. A 1×1 convolution
    makes the image; it ends in tanh, unlike the paper's, to stay in [-1, 1].

    Images of other sizes than powers of two are cut out of the middle of the next
    larger square.

    Args:
        image_shape: `(height, width, channels)`, at least 5×5.
        latent_dim: Size of the code.
        width: Channels of the last block; each earlier block has twice as many. Or
            `"paper"`: 16,384 divided by the resolution.
        num_classes: If given, the model takes `[z, label]` and embeds the label beside
            the code.
        max_width: Limit of the channels.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to images `[N, height, width,
        channels]` in [-1, 1]. Its layers `features_4`, `features_8`, … give the
        features at each resolution, and `to_image` the image of the last.

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), table 2
    """
    channels = _plan(image_shape, width, max_width)
    inputs, x = code_inputs(latent_dim, num_classes)
    x = PixelNormalization()(x)
    # The gain is that of the authors' code: the code has few numbers beside 4·4·512.
    x = EqualizedDense(16 * channels[4], gain=math.sqrt(2) / 4)(x)
    x = layers.Reshape([4, 4, channels[4]])(x)
    x = PixelNormalization()(layers.LeakyReLU(0.2)(x))
    x = _generator_layer(x, channels[4], "features_4")
    for size in list(channels)[1:]:
        x = layers.UpSampling2D(2)(x)
        x = _generator_layer(x, channels[size])
        x = _generator_layer(x, channels[size], f"features_{size}")
    x = EqualizedConv2D(
        image_shape[-1],
        1,
        activation="tanh",
        gain=1.0,
        dtype="float32",
        name="to_image",
    )(x)
    return keras.Model(inputs, crop_to(x, image_shape), name="progressive_generator")


def discriminator(
    image_shape,
    width=32,
    num_classes=None,
    max_width=512,
    group_size=4,
    heads=None,
):
    """Discriminator that `kgan.ProgressiveGAN` grows from 4×4 on.

    The generator's mirror image, with average pooling, and the deviation of the
    minibatch as a further channel before the last convolution.

    Args:
        image_shape: `(height, width, channels)`, as for `generator`; smaller images
            are padded with black.
        width: Channels of the first block, as for `generator`.
        num_classes: If given, the model takes `[image, label]`, joined by projection.
        max_width: Limit of the channels.
        group_size: Samples of a group of `kgan.layers.MinibatchDeviation`.
        heads: Dict from names of auxiliary heads to their units.

    Returns:
        A `keras.Model` from images to logits `[N, 1]`, or with heads to a dict. Its
        layers `features_4`, … give the features that enter the block of each
        resolution but the last, and `from_image` those that enter the last.

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), table 2
    """
    channels = _plan(image_shape, width, max_width)
    sizes = list(channels)
    inputs = sample_inputs(image_shape, num_classes)
    x = pad_to(inputs[0], sizes[-1])
    x = EqualizedConv2D(
        channels[sizes[-1]], 1, activation="leaky_relu", name="from_image"
    )(x)
    for size in reversed(sizes[1:]):
        x = _convolution(x, channels[size])
        x = _convolution(x, channels[size // 2])
        x = layers.AveragePooling2D(2, name=f"features_{size // 2}")(x)
    x = MinibatchDeviation(group_size)(x)
    x = _convolution(x, channels[4])
    x = layers.LeakyReLU(0.2)(EqualizedDense(channels[4])(layers.Flatten()(x)))
    linear = functools.partial(EqualizedDense, gain=1.0)
    name = "progressive_discriminator"
    return discriminator_of(inputs, x, name, num_classes, heads=heads, dense=linear)


def _generator_layer(x, channels, name=None):
    return PixelNormalization(name=name)(_convolution(x, channels))


def _convolution(x, channels):
    return layers.LeakyReLU(0.2)(EqualizedConv2D(channels, 3, padding="same")(x))


def _plan(image_shape, width, max_width):
    """Returns a dict from resolutions, 4 first, to channels."""
    if len(image_shape) != 3 or min(image_shape) < 1 or max(image_shape[:2]) < 5:
        raise invalid(
            "Progressive images must have height, width and channels, and more than 4 "
            "rows or columns.",
            {"image_shape": tuple(image_shape)},
            "Resize the data, for example to 32 or 64.",
        )
    last = 2 ** math.ceil(math.log2(max(image_shape[:2])))
    if width == "paper":
        width = max(1, _PAPER_CHANNELS // last)
    sizes = [2**power for power in range(2, last.bit_length())]
    return {size: min(width * last // size, max_width) for size in sizes}
