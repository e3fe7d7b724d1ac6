"""The networks of PacGAN's experiments on points, as the authors' code has them.

Read in `fjxmlzn/PacGAN`, `synthetic_data_experiments`, at commit a7c9248.
"""

import keras
from keras import layers, ops


def generator(sample_shape, latent_dim=2, width=400, depth=4):
    """Generator: batch-normalised layers of ReLU, without biases but the last one's.

    Args:
        sample_shape: Shape of a point, `(d,)`.
        latent_dim: Size of the code.
        width: Units of each hidden layer.
        depth: Number of hidden layers.

    Returns:
        A `keras.Model` from codes `[N, latent_dim]` to points `[N, d]`.

    Reference:

    - [Lin et al., 2018](https://arxiv.org/abs/1712.04086)
    """
    z = keras.Input([latent_dim], name="z")
    x = z
    for _ in range(depth):
        x = layers.Dense(width, use_bias=False, kernel_initializer=_weights())(x)
        # Moving averages keep 0.95 a step and epsilon is 1e-4, as in Blocks.
        x = layers.BatchNormalization(momentum=0.95, epsilon=1e-4, synchronized=True)(x)
        x = layers.ReLU()(x)
    x = layers.Dense(sample_shape[0], kernel_initializer=_weights(), name="sample")(x)
    return keras.Model(z, x, name="pacgan_generator")


def discriminator(sample_shape, width=200, depth=3, pieces=5):
    """Discriminator: layers of maxout units.

    Args:
        sample_shape: Shape of a point, or of a pack of points side by side.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        pieces: Linear functions of which a unit is the largest.

    Returns:
        A `keras.Model` from points `[N, d]` to logits `[N, 1]`.

    Reference:

    - [Lin et al., 2018](https://arxiv.org/abs/1712.04086)
    """
    sample = keras.Input(sample_shape, name="sample")
    x = sample
    for _ in range(depth):
        x = layers.Dense(width * pieces, kernel_initializer=_weights())(x)
        x = ops.max(layers.Reshape([width, pieces])(x), axis=-1)
    logits = layers.Dense(1, kernel_initializer=_weights(), name="logits")(x)
    return keras.Model(sample, logits, name="pacgan_discriminator")


def _weights():
    # A new one each time: its seed is drawn when it is made.
    return keras.initializers.RandomNormal(stddev=0.02)
