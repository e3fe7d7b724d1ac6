"""tensorflow#33219, tensorflow-yolov4-tflite#369: kernel_regularizer of a player's
layer has no effect and no warning.
"""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import numpy as np
from players import discriminator, generator, x

import kgan

ends = []
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    for regularizer in (None, keras.regularizers.L2(1e3)):
        keras.utils.set_random_seed(0)
        gan = kgan.GAN(generator(), discriminator(kernel_regularizer=regularizer))
        gan.compile(discriminator_optimizer=keras.optimizers.SGD(1e-4))
        gan.fit(x, batch_size=16, epochs=2, verbose=0)
        ends.append(gan.discriminator.weights[-2].numpy())
same = np.array_equal(*ends) and not any("regulari" in str(w.message) for w in seen)
fault = "weights with L2(1000) equal those without, bit for bit" if same else None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
