"""A script: runs SavedModels with TensorFlow alone, without kgan and Keras.

Arguments: a file with the inputs, `0 z`, `0 label`, `1 z`, … for batches 0, 1, …; a
file for the outputs, `m 0 image`, … for model m; the models. All are read when a line
comes on standard input: until then TensorFlow loads, while they are written.
"""

import sys

import numpy as np


def main(inputs, outputs, *models):
    """Runs each model's `serving_default` on each batch of `inputs`."""
    # Neither is needed, and not loading Keras saves a third of the time.
    sys.modules["keras"] = None
    import tensorflow as tf

    if not sys.stdin.readline():
        return
    feeds, results = {}, {}
    with np.load(inputs) as arrays:
        for key, array in arrays.items():
            batch, name = key.split(" ", 1)
            feeds.setdefault(batch, {})[name] = tf.constant(array)
    for m, model in enumerate(models):
        serve = tf.saved_model.load(model).signatures["serving_default"]
        for batch, feed in feeds.items():
            for name, output in serve(**feed).items():
                results[f"{m} {batch} {name}"] = output
    if "kgan" in sys.modules:
        raise RuntimeError("A SavedModel must load without kgan.")
    np.savez(outputs, **results)


if __name__ == "__main__":
    main(*sys.argv[1:])
