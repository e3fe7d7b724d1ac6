"""tensorflow#48662: gradient penalties crash inside TensorFlow for float64 data (x
/ 127.5 - 1 of uint8) and for half-precision generators.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import tensorflow as tf
from players import discriminator, generator, unit, x

import kgan

faults = []


def attempt(what, make, data):
    try:
        gan = make()
        gan.compile(penalties=["gradient_penalty", "path_length"])
        gan.fit(data, verbose=0)
    except ValueError:
        pass  # a message of kgan is fine
    except TypeError as error:
        faults.append(f"{what}: {error}")


attempt(
    "float64 Dataset",
    lambda: kgan.GAN(generator(), discriminator()),
    tf.data.Dataset.from_tensor_slices(x / 127.5 - 1).batch(16, True),
)
keras.config.set_dtype_policy("mixed_float16")
attempt(
    "mixed_float16",
    lambda: kgan.GAN(generator(), discriminator()),
    tf.data.Dataset.from_tensor_slices(unit).batch(16, True),
)
fault = "; ".join(faults) or None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
