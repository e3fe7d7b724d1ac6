"""Trains every class of models on 1 and on 2 replicas, two logical CPU devices.

Prints, as JSON, how far the weights are apart after six steps, relative to the largest
weight, and how far they moved.
"""

import json
import traceback

import numpy as np
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

import keras  # noqa: E402

from tests.contracts.small_models import NAMES, fit, small  # noqa: E402

STRATEGY = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])


def play(name):
    """Returns the weights before and after six steps."""
    model = small(name, **rates(name))
    start = model.get_weights()
    fit(model, 6)
    return start, model.get_weights()


def rates(name):
    """Plain gradient steps: Adam's first ones are signs, which rounding can turn."""
    sgd = {"class_name": "sgd", "learning_rate": 0.02}
    if name == "vae":
        return {"optimizer": {"class_name": "sgd", "learning_rate": 1e-3}}
    return {"generator_optimizer": sgd, "discriminator_optimizer": sgd}


def largest(weights):
    return max(float(np.abs(weight).max()) for weight in weights)


def compare(name):
    with STRATEGY.scope():
        _, two = play(name)
    start, one = play(name)
    differences = [a - b for a, b in zip(one, two, strict=True)]
    moves = [a - b for a, b in zip(one, start, strict=True) if a.dtype.kind == "f"]
    return {"apart": largest(differences) / largest(start), "moved": largest(moves)}


if __name__ == "__main__":
    results = {}
    for name in NAMES:
        try:
            results[name] = compare(name)
        except Exception:
            results[name] = {"error": traceback.format_exc()[-2000:]}
        keras.backend.clear_session()
    print(json.dumps(results))
