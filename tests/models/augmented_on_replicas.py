"""Adaptive augmentation on one and two replicas, logical CPU devices: prints JSON."""

import json

import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

from tests.models.test_augmented_games import (  # noqa: E402
    EVERYTHING,
    fit,
    game,
    weights,
)

STRATEGY = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])


def trained(name):
    gan = game(EVERYTHING[name](), penalties=["r1"])
    fit(gan, 5)
    return float(gan.controller.probability.numpy()), weights(gan).tolist()


if __name__ == "__main__":
    found = {name: [trained(name)] for name in ("ada", "apa")}
    with STRATEGY.scope():
        for name in found:
            found[name].append(trained(name))
    print(json.dumps(found))
