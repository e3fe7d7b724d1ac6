"""docs/scale-out.md: 'a damaged one is passed over for the one before' - one
flipped bit in the newest checkpoint's zip directory makes latest_checkpoint
raise instead.
"""

import os
import pathlib
import sys
import tempfile
import warnings
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
from kgan.callbacks import latest_checkpoint

with tempfile.TemporaryDirectory() as d:
    for n in (1, 2):
        with zipfile.ZipFile(f"{d}/step_{n:06d}.keras", "w", zipfile.ZIP_DEFLATED) as z:
            for m in ("config.json", "model.weights.h5"):
                z.writestr(m, os.urandom(400))
    new = pathlib.Path(d, "step_000002.keras")
    whole = new.read_bytes()
    at, faults = whole.index(b"PK\x01\x02"), set()
    for i in range(at, at + 46):
        for bit in range(8):
            b = bytearray(whole)
            b[i] ^= 1 << bit
            new.write_bytes(b)
            try:
                latest_checkpoint(d)
            except Exception as e:
                faults.add(f"{type(e).__name__} (byte {i - at})")
print("FAULT " + ", ".join(sorted(faults)) if faults else "OK")
sys.exit(bool(faults))
