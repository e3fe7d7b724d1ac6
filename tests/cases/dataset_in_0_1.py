"""ALOCC-CVPR2018#3, DCGAN-Keras#3: fit() rescales an array in [0, 1], and takes
the same data in a tf.data.Dataset as [-1, 1].
"""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import tensorflow as tf
from players import discriminator, generator, x

import kgan

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    gan = kgan.GAN(generator(), discriminator())
    gan.compile()
    fault = None
    try:
        gan.fit(
            tf.data.Dataset.from_tensor_slices((x / 255.0).astype("float32")).batch(
                16, drop_remainder=True
            ),
            verbose=0,
        )
    except ValueError:
        seen.append(None)
if not any(w is None or "[-1, 1]" in str(w.message) for w in seen):
    fault = "no warning for a Dataset in [0, 1]; black becomes grey 128 of 255 in every sample"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
