"""Keras-GAN#22: discriminator.trainable = False, the idiom of older Keras GANs,
silently trains one player alone.
"""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import numpy as np
from players import discriminator, generator, x

import kgan

faults = []
for player in ("discriminator", "generator"):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        g, d = generator(), discriminator()
        {"generator": g, "discriminator": d}[player].trainable = False
        try:
            gan = kgan.GAN(g, d)
            gan.compile()
            before = getattr(gan, player).get_weights()
            gan.fit(x, batch_size=16, verbose=0)
        except ValueError:
            continue
    same = all(
        np.array_equal(a, b) for a, b in zip(before, getattr(gan, player).get_weights())
    )
    if same and not any("train" in str(w.message) for w in seen):
        faults.append(f"the {player} never moved, without a word")
fault = "; ".join(faults) or None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
