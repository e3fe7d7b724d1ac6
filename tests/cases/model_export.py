"""deep-learning-with-python-notebooks#175: Keras's own gan.export() says the model
was never called, after it was; no way on.
"""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import numpy as np
from players import discriminator, generator, x

import kgan

gan = kgan.GAN(generator(), discriminator())
gan.compile()
gan(np.zeros((2, 8), "float32"))
gan.fit(x, batch_size=16, verbose=0)
fault = None
with tempfile.TemporaryDirectory() as d:
    try:
        gan.export(f"{d}/served")
    except Exception as error:
        fault = (
            None if "kgan_export" in str(error) else f"{type(error).__name__}: {error}"
        )
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
