"""t81_558#81, ganhacks#36: a discriminator that ends in sigmoid is taken for
logits.
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
        gan = kgan.GAN(generator(), discriminator("sigmoid"))
        gan.compile()
        gan.fit(x, batch_size=16, verbose=0)
        fault = None
    except ValueError:
        gan = fault = None
if gan is not None and not any("logit" in str(w.message) for w in seen):
    fault = "no warning: the loss sees sigmoid(sigmoid(x)), between 0.5 and 0.73"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
