"""A script: runs SavedModels with TensorFlow alone.

Arguments: a file with the inputs `z0`, `label0`, `z1`, …; a file for the outputs, where
model m gives `ym_0`, `ym_1`, …; the models.
"""

import sys

import numpy as np


def main(inputs, outputs, *models):
    """Runs each model's `serving_default` on each batch of `inputs`."""
    import tensorflow as tf

    results = {}
    with np.load(inputs) as arrays:
        feeds = [
            {
                name: tf.constant(arrays[f"{name}{i}"])
                for name in ("z", "label")
                if f"{name}{i}" in arrays
            }
            for i in range(sum(name.startswith("z") for name in arrays))
        ]
    for m, model in enumerate(models):
        serve = tf.saved_model.load(model).signatures["serving_default"]
        for i, feed in enumerate(feeds):
            (results[f"y{m}_{i}"],) = serve(**feed).values()
    if "kgan" in sys.modules:
        raise RuntimeError("A SavedModel must load without kgan.")
    np.savez(outputs, **results)


if __name__ == "__main__":
    main(*sys.argv[1:])
