"""DCGAN-tensorflow#163, deep-learning-with-python-notebooks#7: a generator that
ends in sigmoid (keras.io's DCGAN) can never match data in [-1, 1].
"""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
from players import discriminator, generator, x

import kgan

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    try:
        gan = kgan.GAN(generator("sigmoid"), discriminator())
        gan.compile()
        gan.fit(x / 255.0, batch_size=16, verbose=0)
        fault = None
    except ValueError:
        gan = fault = None
if gan is not None and not any(
    "sigmoid" in str(w.message) or "[-1, 1]" in str(w.message) for w in seen
):
    fault = f"no warning: real data run from -1 to 1, fakes from {gan.generate(64).min():.2f}; the export starts at grey 128"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
