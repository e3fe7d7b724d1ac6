"""keras#18284, #23048: a Lambda in the generator is refused with advice for
loading; in the discriminator it trains, saves, and cannot be loaded.
"""

import os
import sys
import tempfile
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
from keras import layers as L
from players import discriminator, generator, x

import kgan

faults = []
try:
    kgan.GAN(generator(middle=L.Lambda(lambda t: 2 * t)), discriminator())
except ValueError as error:
    if "generator" not in str(error):
        faults.append("generator: " + str(error)[:120])
with tempfile.TemporaryDirectory() as d, warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    try:
        gan = kgan.GAN(generator(), discriminator(middle=L.Lambda(lambda t: 2 * t)))
        gan.compile()
        told = bool(seen)
    except ValueError:
        told = True
    if not told:
        gan.fit(x, batch_size=16, verbose=0)
        gan.save(f"{d}/gan.keras")
        try:
            kgan.load_model(f"{d}/gan.keras")
        except ValueError as error:
            faults.append(
                "discriminator: trained and saved, but kgan.load_model: "
                + str(error)[:90]
            )
fault = "; ".join(faults) or None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
