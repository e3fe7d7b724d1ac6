"""Trains one game on 1 and on 2 replicas, two logical CPU devices; run by a test.

Prints, as JSON, the largest difference of the weights and of the fakes' two halves.
"""

import json
import sys

import numpy as np
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

import keras  # noqa: E402

import kgan  # noqa: E402
from kgan.random import seeded_initializers  # noqa: E402

SHAPE = (8, 8, 1)
OPTIONS = json.loads(sys.argv[1])
RNG = np.random.default_rng(0)
X = np.tanh(RNG.normal(size=(80, *SHAPE))).astype("float32")
Y = np.arange(80) % 3


def train():
    with seeded_initializers(0):
        gan = kgan.GAN(
            kgan.networks.dcgan.generator(SHAPE, 4, 8, num_classes=3),
            kgan.networks.dcgan.discriminator(SHAPE, 8, num_classes=3),
        )
    gan.compile(
        keras.optimizers.SGD(0.01),
        keras.optimizers.SGD(0.01),
        penalties=["r1", "le_cam"],
        discriminator_steps=2,
        **OPTIONS,
    )
    start = gan.generator.get_weights()
    history = gan.fit(X, Y, batch_size=4, steps_per_epoch=10, verbose=0).history
    return gan.get_weights(), history, start


with tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"]).scope():
    two, two_logs, _ = train()
one, one_logs, start = train()
print(
    json.dumps(
        {
            "weights": max(
                float(np.abs(a - b).max()) for a, b in zip(one, two, strict=True)
            ),
            "logs": max(float(abs(one_logs[k][0] - two_logs[k][0])) for k in one_logs),
            "moved": max(
                float(np.abs(a - b).max())
                for a, b in zip(one[: len(start)], start, strict=False)
                if a.shape == b.shape
            ),
        }
    )
)
