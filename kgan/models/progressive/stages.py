"""The players of each phase of a progressive game, made of two full-grown ones."""

import re

import keras
from keras import ops

from kgan._core.errors import invalid
from kgan._core.framing import crop_to, pad_to


@keras.saving.register_keras_serializable(package="kgan")
class Fade(keras.layers.Layer):
    """Fades from one tensor to another: `(1 - alpha)·old + alpha·new`.

    An old image at half the resolution is enlarged: each of its pixels is repeated.
    `alpha` is a weight that the game sets, exactly 0 or 1 at the ends.
    """

    def build(self, input_shape):
        self.alpha = self.add_weight(
            shape=(),
            initializer="ones",
            trainable=False,
            name="alpha",
            aggregation="only_first_replica",
        )

    def call(self, inputs):
        old, new = inputs
        if old.shape[1:] != new.shape[1:]:
            old = ops.repeat(ops.repeat(old, 2, axis=1), 2, axis=2)
            old = crop_to(old, new.shape[1:])
        return (1.0 - self.alpha) * old + self.alpha * new

    def compute_output_shape(self, input_shape):
        return input_shape[1]


@keras.saving.register_keras_serializable(package="kgan")
class Halve(keras.layers.Layer):
    """Averages an image down to half of a resolution, for which it is framed.

    Args:
        size: The resolution.
    """

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, images):
        return ops.average_pool(pad_to(images, self.size), 2, 2)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.size // 2, self.size // 2, input_shape[-1])

    def get_config(self):
        return {**super().get_config(), "size": self.size}


def resolutions(generator, discriminator):
    """Returns the resolutions that both players pass through, the coarsest first.

    Raises:
        ValueError: If the players cannot grow.
    """
    sizes = _sizes(generator)
    names = {layer.name for layer in (*generator.layers, *discriminator.layers)}
    doubling = all(b == 2 * a for a, b in zip(sizes, sizes[1:], strict=False))
    if (
        not sizes
        or not doubling
        or sizes[:-1] != _sizes(discriminator)
        or not {"to_image", "from_image"} <= names
    ):
        raise invalid(
            "Players that grow must have layers `features_4`, `features_8` and so on, "
            "the generator up to the last resolution and the discriminator up to the "
            "one before; and layers `to_image` and `from_image`.",
            {"generator": sizes, "discriminator": _sizes(discriminator)},
            "Build them by `kgan.networks.progressive`.",
        )
    return sizes


def generator_phases(generator, sizes, fade):
    """Returns the generators of the phases, and the layers that they add.

    The image of a coarser resolution is made by a layer like `to_image`.

    Args:
        generator: The full-grown one.
        sizes: Its resolutions.
        fade: The `Fade` of the game.

    Returns:
        A list of functional models (the first resolution; then, for each other, while
        it is faded in and afterwards), and a list of layers.
    """
    last = generator.get_layer("to_image")
    heads = [_like(last, name=f"to_image_{size}") for size in sizes[:-1]]
    images = [
        head(generator.get_layer(f"features_{size}").output)
        for head, size in zip(heads, sizes[:-1], strict=True)
    ] + [generator.output]
    outputs = images[:1]
    for old, new in zip(images, images[1:], strict=False):
        outputs += [fade([old, new]), new]
    return [
        keras.Model(generator.input, output, name=generator.name) for output in outputs
    ], heads


def discriminator_phases(discriminator, sizes, fade):
    """Returns the discriminators of the phases, and the layers that they add.

    Features of a coarser resolution are read by a layer like `from_image`.

    Args:
        discriminator: The full-grown one.
        sizes: Its resolutions.
        fade: The `Fade` of the game.

    Returns:
        As `generator_phases`.
    """
    features = {s: discriminator.get_layer(f"features_{s}").output for s in sizes[:-1]}
    image, *labels = discriminator.inputs
    first = discriminator.get_layer("from_image")
    heads = [
        _like(first, name=f"from_image_{s}", filters=features[s].shape[-1])
        for s in sizes[:-1]
    ]
    features[sizes[-1]] = first.output
    readers = [*heads, _part(image, first.output)]

    def network(x, size, reduced):
        inputs = [x, *[keras.Input(y.shape[1:], dtype=y.dtype) for y in labels]]
        rest = _part([features[size], *labels], discriminator.output)
        logits = rest([reduced, *inputs[1:]])
        inputs = inputs if labels else x
        return keras.Model(inputs, logits, name=discriminator.name)

    players = []
    for stage, size in enumerate(sizes):
        last = size == sizes[-1]
        shape = image.shape[1:] if last else (size, size, image.shape[-1])
        if stage:
            x, coarser = keras.Input(shape), sizes[stage - 1]
            new = _part(features[size], features[coarser])(readers[stage](x))
            # Named: a name that Keras makes up may be one of a loaded network's.
            old = readers[stage - 1](Halve(size, name=f"halve_{size}")(x))
            faded = fade([old, new])
            players.append(network(x, coarser, faded))
        x = keras.Input(shape)
        players.append(discriminator if last else network(x, size, readers[stage](x)))
    return players, heads


def _sizes(model):
    names = (re.fullmatch(r"features_(\d+)", layer.name) for layer in model.layers)
    return sorted(int(name[1]) for name in names if name)


def _part(inputs, outputs):
    """Returns a function that calls the layers between tensors on other tensors.

    Not a model, for which Keras would change the graph of the whole.
    """
    return keras.Function(inputs, outputs).call


def _like(layer, **changes):
    """Returns a new layer of the same kind."""
    return type(layer).from_config(layer.get_config() | changes)
