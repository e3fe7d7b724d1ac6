"""tensorflow#20619: ReduceLROnPlateau ends training with an AttributeError after
the first epoch; LearningRateScheduler blames the optimizer.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
from players import discriminator, generator, x

import kgan

faults = []
for callback in (
    keras.callbacks.ReduceLROnPlateau("g_loss", mode="min", patience=0),
    keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2),
):
    gan = kgan.GAN(generator(), discriminator())
    gan.compile()
    try:
        gan.fit(x, batch_size=16, epochs=3, verbose=0, callbacks=[callback])
    except Exception as error:
        if "generator_optimizer" not in str(error):
            faults.append(f"{type(callback).__name__}: {type(error).__name__}: {error}")
fault = "; ".join(faults) or None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
