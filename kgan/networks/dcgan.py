"""DCGAN: strided convolutions and batch normalisation."""

import math

import keras
from keras import layers

from kgan._core.errors import invalid, one_of
from kgan.layers import ConditionalBatchNormalization, SpectralConv2D, SpectralDense
from kgan.networks.conditioning import (
    DISCRIMINATOR,
    code_inputs,
    discriminator_of,
    join_condition,
    sample_inputs,
)


def generator(
    image_shape,
    latent_dim=100,
    width=64,
    num_classes=None,
    kernel_size=4,
    max_width=512,
    conditioning="embedding",
    condition_dim=None,
):
    """DCGAN generator: a projection, then a transposed convolution for each doubling.

    Args:
        image_shape: `(height, width, channels)`: height and width multiples of 4 from 8
            on, or 10 or 14. The more often both can be halved, the
            more stages there are: 32×32 and 48×32 have three, 100×100 has two.
        latent_dim: Size of the code.
        width: Channels of the last hidden stage; each earlier stage has twice as many.
        num_classes: If given, the model takes `[z, label]`.
        kernel_size: Of the transposed convolutions; 5 in the authors' code, 4 in
            PyTorch's, which spreads evenly over the stride of 2.
        max_width: Limit of the channels.
        conditioning: How the label enters: `"embedding"` beside the code, `"concat"`:
            as a one-hot vector beside it, `"batch_norm"`: it selects the scales and
            shifts of each batch normalisation, or `"none"`: not at all.
        condition_dim: If given, the model takes `[z, condition]`, attributes
            `[N, condition_dim]`.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to images `[N, height, width,
        channels]` in [-1, 1].

    Reference:

    - [Radford et al., 2015](https://arxiv.org/abs/1511.06434)
    """
    one_of("conditioning", conditioning, ("embedding", "concat", "batch_norm", "none"))
    _plan(image_shape, width, max_width)
    inputs, x = code_inputs(latent_dim, num_classes, conditioning, condition_dim)

    def normalize(x):
        if num_classes is None or conditioning != "batch_norm":
            return _batch_norm()(x)
        normalization = ConditionalBatchNormalization(num_classes, gamma_stddev=0.02)
        return normalization([x, inputs[1]])

    x = upsampled(
        x, image_shape, width, image_shape[-1], kernel_size, max_width, normalize
    )
    x = layers.Activation("tanh", dtype="float32", name="image")(x)
    return keras.Model(inputs, x, name="dcgan_generator")


def discriminator(
    image_shape,
    width=64,
    num_classes=None,
    kernel_size=4,
    max_width=512,
    normalization="batch",
    conditioning="projection",
    heads=None,
    logits_from=None,
    condition_dim=None,
):
    """DCGAN discriminator: a strided convolution for each halving, then a dense layer.

    Args:
        image_shape: `(height, width, channels)`, as for `generator`.
        width: Channels of the first stage; each later stage has twice as many.
        num_classes: If given, the model takes `[image, label]`.
        kernel_size: Of the convolutions.
        max_width: Limit of the channels.
        normalization: `"batch"` as in the paper (after all but the first convolution),
            `"spectral"` (of every kernel), or `"none"`.
        conditioning: How the label enters: `"projection"` at the end, `"concat"`: as
            one-hot channels beside the image's, or `"none"`: not at all.
        heads: Dict from names of auxiliary heads to their units, as `kgan.objectives`
            read them.
        logits_from: Name of the head whose log-sum-exp is the logit; by default the
            logit is a unit of its own.
        condition_dim: If given, the model takes `[image, condition]`, attributes
            `[N, condition_dim]`, which enter as labels do.

    Returns:
        A `keras.Model` from images to logits `[N, 1]`, or to a dict of them and the
        heads.

    Reference:

    - [Radford et al., 2015](https://arxiv.org/abs/1511.06434)
    - [Miyato et al., 2018](https://arxiv.org/abs/1802.05957), spectral normalisation
    """
    _check_normalization(normalization)
    one_of("conditioning", conditioning, DISCRIMINATOR)
    spectral = normalization == "spectral"
    dense = SpectralDense if spectral else layers.Dense
    labels = num_classes, conditioning, condition_dim
    inputs = sample_inputs(image_shape, *labels)
    x = join_condition(inputs[0], inputs, *labels)
    x = features(x, image_shape, width, kernel_size, max_width, normalization)
    x, name = layers.Flatten()(x), "dcgan_discriminator"
    return discriminator_of(inputs, x, name, *labels, heads, logits_from, dense)


def _weights():
    # A new instance a layer: an initializer repeats its numbers.
    return keras.initializers.RandomNormal(stddev=0.02)


def features(
    x,
    image_shape,
    width,
    kernel_size=4,
    max_width=512,
    normalization="batch",
    weights=_weights,
):
    """Returns what strided convolutions make of images, `[N, height, width, channels]`.

    Args:
        x: Images, with further channels or not.
        image_shape: Their shape without these.
        width: As for `discriminator`, as are the others.
        weights: A function that returns a new initializer of a kernel.
    """
    _, widths = _plan(image_shape, width, max_width)
    convolution = SpectralConv2D if normalization == "spectral" else layers.Conv2D
    for stage, channels in enumerate(widths):
        normalized = normalization == "batch" and stage > 0
        x = convolution(
            channels,
            kernel_size,
            2,
            "same",
            use_bias=not normalized,
            kernel_initializer=weights(),
        )(x)
        if normalized:
            x = _batch_norm()(x)
        x = layers.LeakyReLU(0.2)(x)
    return x


def upsampled(
    x,
    image_shape,
    width,
    channels,
    kernel_size=4,
    max_width=512,
    normalize=None,
    weights=_weights,
):
    """Returns `[N, height, width, channels]`, made of codes by transposed convolutions.

    Args:
        x: Codes `[N, d]`.
        image_shape: Shape of the images.
        width: As for `generator`, as are `kernel_size` and `max_width`.
        channels: Channels of the result, which has no activation.
        normalize: A function of the features of each hidden stage, or None.
        weights: As for `features`.
    """
    sides, widths = _plan(image_shape, width, max_width)
    bias = {"use_bias": normalize is None}
    normalize = normalize or (lambda x: x)
    units = math.prod(sides) * widths[-1]
    x = layers.Dense(units, kernel_initializer=weights(), **bias)(x)
    x = layers.Reshape([*sides, widths[-1]])(x)
    x = layers.ReLU()(normalize(x))
    for hidden in reversed(widths[:-1]):
        x = layers.Conv2DTranspose(
            hidden, kernel_size, 2, "same", kernel_initializer=weights(), **bias
        )(x)
        x = layers.ReLU()(normalize(x))
    return layers.Conv2DTranspose(
        channels, kernel_size, 2, "same", kernel_initializer=weights()
    )(x)


def _batch_norm():
    return layers.BatchNormalization(
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.RandomNormal(mean=1.0, stddev=0.02),
        synchronized=True,
    )


def _plan(image_shape, width, max_width):
    """Returns the coarsest height and width, and the channels from the finest stage on.

    Both sides are halved until the shorter one reaches 4 to 7, or one of them is odd.
    """
    *sides, channels = image_shape
    stages = 0
    while min(sides) >= 8 and all(side % 2 == 0 for side in sides):
        sides, stages = [side // 2 for side in sides], stages + 1
    if len(sides) != 2 or not stages or (min(sides) > 7 and stages < 2):
        fitting = *(max(8, round(side / 4) * 4) for side in image_shape[:2]), channels
        raise invalid(
            "The height and the width of DCGAN's images must be multiples of 4, from 8 "
            "on; 10 and 14 serve as well.",
            {"image_shape": tuple(image_shape)},
            f"Bring the data to the nearest that fits: image_shape={fitting}.",
        )
    return sides, [min(width * 2**stage, max_width) for stage in range(stages)]


def _check_normalization(normalization):
    if normalization not in ("batch", "spectral", "none"):
        raise invalid(
            "`normalization` must be 'batch', 'spectral' or 'none'.",
            {"normalization": normalization},
            "Use 'batch' as in the paper.",
        )
