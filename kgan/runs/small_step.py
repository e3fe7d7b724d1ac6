"""A small training in a process of its own, which `kgan doctor` times.

    python -m kgan.runs.small_step [SECONDS]

prints JSON objects, a line each: what TensorFlow is and sees; then, if SECONDS are
given, real images/s of `GAN.fit` with a DCGAN of 28×28×1 and batches of 64.
"""

import json
import sys
import time

from kgan._core.quiet import import_tensorflow
from kgan._core.switches import uses_onednn

SHAPE, BATCH = (28, 28, 1), 64
# Steps before the clock starts: the graph is made, oneDNN makes its kernels.
WARM_UP = 10


def look():
    """Returns a dict of what TensorFlow and Keras are and see."""
    import keras
    import tensorflow as tf

    devices = [device.name for device in tf.config.list_physical_devices()]
    return {
        "backend": keras.backend.backend(),
        "devices": [name.removeprefix("/physical_device:") for name in devices],
        "onednn": uses_onednn(),
    }


def images_per_second(seconds):
    """Trains for some seconds after the warm-up and returns real images/s.

    They are those of the fastest quarter of the steps, so that other work on the
    machine counts little.
    """
    import keras
    import numpy as np

    import kgan

    dcgan = kgan.networks.dcgan
    gan = kgan.GAN(dcgan.generator(SHAPE), dcgan.discriminator(SHAPE))
    gan.compile(*(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)))
    x = np.random.default_rng(0).uniform(-1, 1, (2048, *SHAPE)).astype("float32")
    ends = []

    def note(batch, logs):
        ends.append(time.perf_counter())
        gan.stop_training = ends[-1] - ends[: WARM_UP + 1][-1] > seconds

    callback = keras.callbacks.LambdaCallback(on_train_batch_end=note)
    gan.fit(x, batch_size=BATCH, epochs=1000, verbose=0, callbacks=[callback])
    return BATCH / float(np.quantile(np.diff(ends[WARM_UP:]), 0.25))


def main(seconds=None):
    import_tensorflow()
    print(json.dumps(look()), flush=True)
    if seconds:
        print(json.dumps({"images_per_second": images_per_second(float(seconds))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
