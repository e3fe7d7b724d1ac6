"""tensorflow#25254: every fit on a Dataset with a partial last batch warns that
training was interrupted; it was not.
"""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import tensorflow as tf
from players import discriminator, generator, unit

import kgan

data = tf.data.Dataset.from_tensor_slices(unit[:40]).batch(16)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    gan = kgan.GAN(generator(), discriminator())
    gan.compile()
    gan.fit(data, epochs=2, verbose=0)
false_alarm = [str(w.message) for w in seen if "ran out of data" in str(w.message)]
fault = (
    f"step {int(gan.step)} of 4 reached, yet: {false_alarm[0]}" if false_alarm else None
)
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
