"""Dropout on two replicas, two logical CPU devices: prints JSON."""

import json
import tempfile

import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

import kgan  # noqa: E402
from tests.models.test_random_layers import LAYERS, equal, fit, game  # noqa: E402

STRATEGY = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])

if __name__ == "__main__":
    with STRATEGY.scope(), tempfile.TemporaryDirectory() as folder:
        whole = fit(game(LAYERS["dropout"]), 4)
        half = game(LAYERS["dropout"])
        fit(half, 2)
        half.save(f"{folder}/half.keras")
        loaded = kgan.load_model(f"{folder}/half.keras")
        layer = next(
            layer for layer in loaded._flatten_layers() if layer._seed_generators
        )
        state = layer._seed_generators[0].state.value
        parts = STRATEGY.experimental_local_results(state)
        states = [part.numpy().tolist() for part in parts]
        print(json.dumps({"equal": equal(fit(loaded, 2), whole), "states": states}))
