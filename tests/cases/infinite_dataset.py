"""keras#12577: an endless Dataset without steps_per_epoch is one epoch that never
ends.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import tensorflow as tf
from players import discriminator, generator, unit

import kgan


class Enough(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch > 100:
            raise KeyboardInterrupt


gan = kgan.GAN(generator(), discriminator())
gan.compile()
fault = None
try:
    gan.fit(
        tf.data.Dataset.from_tensor_slices(unit).batch(16, True).repeat(),
        epochs=2,
        verbose=0,
        callbacks=[Enough()],
    )
except KeyboardInterrupt:
    fault = "100 steps and still in epoch 1; no message that steps_per_epoch is needed"
except ValueError:
    pass
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
