import numpy as np

from kgan._core.errors import invalid
from kgan.explore.generators import generator_of


def factors(generator, count=None):
    """Finds the directions of the code that change the generator's samples most.

    Closed-form factorisation (SeFa): a step along a direction n changes the first
    affine layer's output by A n, whatever the code. So the directions that change most
    are the eigenvectors of AᵀA with the largest eigenvalues. No sample is drawn and
    nothing is trained.

    A is that of all layers which read the code first. Batch normalisation that follows
    such a layer is part of A: it is affine in inference, and it undoes whatever scale
    the layer's weights have.

    Args:
        generator: A trained model such as a `kgan.GAN`, whose moving average is taken,
            or a functional Keras generator. Its other inputs, such as labels, are zero.
        count: Number of directions; all, `latent_dim`, by default.

    Returns:
        Directions, float32 `[count, latent_dim]`, orthogonal and of length 1, the
        strongest first; and their strengths, float32 `[count]`, the square roots of the
        eigenvalues: how much the output of A changes by a step of length 1.

    Raises:
        ValueError: If no affine layer reads the code.

    Example:

    >>> directions, strengths = kgan.explore.factors(gan, count=5)
    >>> z = gan.prior.latents(1, gan.latent_dim, seed=0)
    >>> images = gan.predict(kgan.explore.move(z[0], directions[0], [-3, 0, 3]))

    Reference:

    - [Shen and Zhou, 2021](https://arxiv.org/abs/2007.06600)
    """
    generator = _innermost(generator_of(generator))
    layers = _first_affine(generator)
    if not layers:
        raise invalid(
            "A layer with a kernel must read the generator's code.",
            {"generator": generator.name},
            "Use a generator that starts with a Dense layer, such as those of "
            "`kgan.networks`.",
        )
    matrix = np.concatenate([_matrix(generator, layer) for layer in layers], axis=1)
    directions, strengths, _ = np.linalg.svd(matrix, full_matrices=False)
    # A direction and its opposite are one factor: its largest coordinate is positive.
    largest = np.argmax(np.abs(directions), axis=0)
    directions *= np.sign(directions[largest, np.arange(len(largest))])
    return directions.T[:count], strengths[:count]


def _matrix(generator, layer):
    """Returns the matrix `[latent_dim, units]` from the code to the affine output."""
    import keras

    code = _code(generator)
    latent_dim = code.shape[-1]
    inputs = [
        np.concatenate([np.zeros([1, latent_dim]), np.eye(latent_dim)])
        if x is code
        else np.zeros([latent_dim + 1, *x.shape[1:]], x.dtype)
        for x in generator.inputs
    ]
    x = keras.Model(generator.inputs, layer.input)(inputs)
    for affine in [_without_activation(layer), *_affine_tail(generator, layer)]:
        x = affine(x, training=False) if affine.weights[2:] else affine(x)
    x = keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")).reshape(len(x), -1)
    return x[1:] - x[0]


def _code(generator):
    """Returns the input of codes."""
    from kgan._core.signature import signature_of

    roles = list(signature_of(generator, "generator", ("z",)).roles)
    return generator.inputs[roles.index("z")]


def _innermost(generator):
    """Returns the network whose layers read the code: of a VAE its decoder."""
    import keras

    for operation in generator.operations:
        if isinstance(operation, keras.Model):
            return _innermost(operation)
    return generator


def _first_affine(generator):
    """Returns the layers with a kernel that read the code, or what has no weights."""
    reached, found = {id(_code(generator))}, []
    for operation in generator.operations:
        if not any(id(x) in reached for x in _tensors(operation, "input")):
            continue
        if hasattr(operation, "kernel"):
            found.append(operation)
        elif not getattr(operation, "weights", None):
            reached.update(id(x) for x in _tensors(operation, "output"))
    return found


def _without_activation(layer):
    config = layer.get_config()
    if "activation" in config:
        config["activation"] = "linear"
    plain = type(layer).from_config(config)
    plain.build(layer.input.shape)
    plain.set_weights(layer.get_weights())
    return plain


def _affine_tail(generator, layer):
    """Returns the layers after `layer` up to the first that is not affine."""
    import keras

    tail = []
    while True:
        activation = getattr(layer, "activation", keras.activations.linear)
        readers = [
            operation
            for operation in generator.operations
            if any(x is layer.output for x in _tensors(operation, "input"))
        ]
        kinds = keras.layers.Reshape, keras.layers.BatchNormalization
        if (
            activation is not keras.activations.linear
            or len(readers) != 1
            or not isinstance(readers[0], kinds)
        ):
            return tail
        layer = readers[0]
        tail.append(layer)


def _tensors(operation, side):
    import keras

    return keras.tree.flatten(getattr(operation, side))
