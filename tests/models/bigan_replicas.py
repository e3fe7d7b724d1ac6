"""Trains BiGAN and ALI on 1 and on 2 replicas, two logical CPU devices; for a test.

Prints, as JSON, how far the weights are apart, and how far they moved.
"""

import json

import numpy as np
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

import keras  # noqa: E402

import kgan  # noqa: E402
from kgan._core.random import seeded_initializers  # noqa: E402

SHAPE = (8, 8, 1)
STRATEGY = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])
X = np.tanh(np.random.default_rng(0).normal(size=(80, *SHAPE))).astype("float32")


def play(stochastic):
    """Returns all weights before and after five steps."""
    with seeded_initializers(0):
        gan = kgan.BiGAN(
            kgan.networks.dcgan.generator(SHAPE, 4, 4),
            kgan.networks.bigan.discriminator(SHAPE, 4, 4, 8),
            kgan.networks.bigan.encoder(SHAPE, 4, 4, stochastic),
        )
    gan.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01))
    before = weights(gan)
    gan.fit(X, batch_size=16, verbose=0)
    return before, weights(gan)


def weights(gan):
    networks = gan.generator, gan.encoder, gan.discriminator, gan.ema_encoder
    return [weight for network in networks for weight in network.get_weights()]


def distance(first, second):
    return max(np.abs(a - b).max() for a, b in zip(first, second, strict=True))


if __name__ == "__main__":
    results = {}
    for name, stochastic in (("BiGAN", False), ("ALI", True)):
        with STRATEGY.scope():
            _, two = play(stochastic)
        before, one = play(stochastic)
        results[name] = float(distance(one, two)), float(distance(one, before))
    print(json.dumps(results))
