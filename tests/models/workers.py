"""Trains a game in one process or as one of several workers; run by a test.

Arguments: the folder for the results. TF_CONFIG tells the worker. Each kind of data is
trained on in turn; then all generate, and the chief alone saves and evaluates.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

# A strategy of several workers must be there before any operation runs.
TASK = json.loads(os.environ.get("TF_CONFIG", "{}")).get("task")
STRATEGY = (
    tf.distribute.MultiWorkerMirroredStrategy()
    if TASK
    else tf.distribute.get_strategy()
)

import keras  # noqa: E402

import kgan  # noqa: E402
from kgan._core.random import seeded_initializers  # noqa: E402

FOLDER = Path(sys.argv[1])
SHAPE = (8, 8, 1)
INDEX = TASK["index"] if TASK else 0
RNG = np.random.default_rng(0)
X = np.tanh(RNG.normal(size=(48, *SHAPE))).astype("float32")
Y = np.arange(48) % 3


def build():
    with STRATEGY.scope(), seeded_initializers(0):
        gan = kgan.GAN(
            kgan.networks.dcgan.generator(SHAPE, 4, 4, num_classes=3),
            kgan.networks.dcgan.discriminator(SHAPE, 4, num_classes=3),
        )
        gan.compile(
            keras.optimizers.SGD(0.01),
            keras.optimizers.SGD(0.01),
            penalties=[kgan.penalties.LeCam(interval=2)],
            discriminator_steps=2,
            metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")],
        )
    return gan


def data(kind):
    samples = kgan.data.from_arrays(X, Y)
    if kind == "array":
        return {"x": X, "y": Y, "batch_size": 4}
    if kind == "batches":
        return {"x": kgan.data.batches(samples, 4, seed=3)}
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(48, seed=3)
    dataset = dataset.batch(4)
    if kind == "unknown length":
        dataset = dataset.filter(lambda x, y: True)
    return {"x": dataset}


class ChiefScores(keras.callbacks.Callback):
    """What callbacks of the chief alone do in training must not wait for others."""

    def on_epoch_end(self, epoch, logs=None):
        if INDEX == 0:
            self.model.generate(6)
            self.model.save(FOLDER / f"epoch-{bool(TASK)}.keras")


results, logs = {}, {}
for kind in ("array", "batches", "dataset", "unknown length"):
    gan = build()
    history = gan.fit(**data(kind), epochs=2, verbose=0, callbacks=[ChiefScores()])
    for place, weights in enumerate(gan.get_weights()):
        results[f"{kind}/{place}"] = weights
    for name, values in history.history.items():
        results[f"{kind}/{name}"] = np.array(values)
    results[f"{kind}/step"] = gan.step.numpy()
results["samples"] = gan.generate(6)
if INDEX == 0:
    gan.save(FOLDER / f"{bool(TASK)}.keras")
    # Loaded outside of the strategy: the chief judges, plots and exports alone.
    loaded = kgan.load_model(FOLDER / f"{bool(TASK)}.keras")
    np.testing.assert_allclose(loaded.generate(6), results["samples"], atol=1e-6)
np.savez(FOLDER / f"{'worker' if TASK else 'single'}{INDEX}.npz", **results)
