"""Coupled GAN: two generators and two discriminators that share stages."""

import math

import keras
from keras import layers

from kgan._core.errors import invalid
from kgan._core.framing import crop_to

# Convolution, convolution, dense layer, logit.
_DISCRIMINATOR_STAGES = 4


def generators(image_shape, latent_dim=100, width=128, shared=None, max_width=1024):
    """Generators of two domains from the same code.

    A dense layer to 4×4, then a transposed convolution for each doubling, each with
    batch normalisation without scale and shift, and a PReLU; then a 6×6 one makes the
    image. Images whose size is no power of two are cut out of the next larger square.

    Args:
        image_shape: `(height, width, channels)` of one domain's images.
        latent_dim: Size of the code.
        width: Channels of the last hidden stage; each earlier one has twice as many.
        shared: Number of stages, from the code on, whose weights the two share, 0 for
            none; by default as in the paper all but the last, 6×6 one.
        max_width: Limit of the channels.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to a dict of `a` and `b`, images
        `[N, height, width, channels]` in [-1, 1].

    Reference:

    - [Liu and Tuzel, 2016](https://arxiv.org/abs/1606.07536), table 4
    """
    if len(image_shape) != 3 or min(image_shape) < 1:
        raise invalid(
            "Images must have a height, a width and channels.",
            {"image_shape": tuple(image_shape)},
            "Pass for instance (28, 28, 1).",
        )
    doublings = max(0, math.ceil(math.log2(max(image_shape[:2]) / 4)))
    widths = [min(width * 2**i, max_width) for i in reversed(range(doublings + 1))]
    shared = _check_shared(shared, len(widths) + 1)

    def stage(index, x):
        if index == len(widths):
            x = layers.Conv2DTranspose(
                image_shape[-1], 6, 1, "same", kernel_initializer=_weights()
            )(x)
            x = layers.Activation("tanh", dtype="float32")(x)
            return crop_to(x, image_shape)
        if index == 0:
            x = layers.Dense(16 * widths[0], kernel_initializer=_weights())(x)
            x = layers.Reshape([4, 4, widths[0]])(x)
        else:
            x = layers.Conv2DTranspose(
                widths[index], 3, 2, "same", kernel_initializer=_weights()
            )(x)
        x = layers.BatchNormalization(
            momentum=0.9, epsilon=1e-5, center=False, scale=False, synchronized=True
        )(x)
        return layers.PReLU(shared_axes=[1, 2])(x)

    z = keras.Input([latent_dim], name="z")
    pair = [z, z]
    for index in range(len(widths) + 1):
        if index < shared:
            pair = [stage(index, pair[0])] * 2
        else:
            pair = [stage(index, x) for x in pair]
    outputs = {
        name: layers.Identity(dtype="float32", name=f"domain_{name}")(image)
        for name, image in zip("ab", pair, strict=True)
    }
    return keras.Model(z, outputs, name="cogan_generators")


def discriminators(image_shape, width=20, shared=None, units=500, num_classes=None):
    """Discriminators of two domains.

    Two 5×5 convolutions with max pooling, a dense layer with a PReLU, and the logit:
    LeNet, as in the paper, but with padding, so that all sizes of images go.

    Args:
        image_shape: `(height, width, channels)` of one domain's images.
        width: Channels of the first convolution; the second has 2.5 times as many.
        shared: Number of the four stages, from the logit back, whose weights the two
            share, 0 for none; by default as in the paper all but the first.
        units: Of the dense layer.
        num_classes: If given, a classifier reads the features of both domains.

    Returns:
        A `keras.Model` from inputs `a` and `b`, images `[N, height, width, channels]`,
        to logits `[N, 2]`; with classes to a dict of `"logits"`, and `[N, num_classes]`
        each, `"class_logits"` of the first domain's images and `"class_logits_b"` of
        the second's.

    Reference:

    - [Liu and Tuzel, 2016](https://arxiv.org/abs/1606.07536), table 4
    """
    shared = _check_shared(shared, _DISCRIMINATOR_STAGES)

    def stage(index):
        """Returns the layers of a new stage."""
        if index < 2:
            channels = width if index == 0 else width * 5 // 2
            return [layers.Conv2D(channels, 5, padding="same"), layers.MaxPooling2D(2)]
        if index == 2:
            return [layers.Flatten(), layers.Dense(units), layers.PReLU()]
        return [layers.Dense(1, dtype="float32")]

    stages = []
    for index in range(_DISCRIMINATOR_STAGES):
        first = stage(index)
        common = index >= _DISCRIMINATOR_STAGES - shared
        stages.append((first, first if common else stage(index)))
    images = {name: keras.Input(image_shape, name=name) for name in "ab"}
    logits, features = [], []
    for domain, x in enumerate(images.values()):
        for index, pair in enumerate(stages):
            if index == _DISCRIMINATOR_STAGES - 1:
                features.append(x)
            for layer in pair[domain]:
                x = layer(x)
        logits.append(x)
    outputs = layers.Concatenate(dtype="float32", name="logits")(logits)
    if num_classes is not None:
        head = layers.Dense(num_classes, dtype="float32")
        outputs = {
            "logits": outputs,
            "class_logits": head(features[0]),
            "class_logits_b": head(features[1]),
        }
    return keras.Model(images, outputs, name="cogan_discriminators")


def _weights():
    # A new instance a layer: an initializer repeats its numbers.
    return keras.initializers.RandomNormal(stddev=0.02)


def _check_shared(shared, stages):
    if shared is None:
        return stages - 1
    if not (isinstance(shared, int) and 0 <= shared <= stages):
        raise invalid(
            f"`shared` must be a number of stages from 0 to {stages}.",
            {"shared": shared},
            "Leave it out to share all but one.",
        )
    return shared
