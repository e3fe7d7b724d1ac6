"""docs/data.md, kgan.data.read 'Raises ValueError': a damaged .npz gives
BadZipFile, a wrong shape MemoryError.
"""

import io
import os
import sys
import tempfile
import warnings
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import numpy as np

import kgan

faults = []
with tempfile.TemporaryDirectory() as d:
    good = io.BytesIO()
    np.savez(good, x=np.arange(1280, dtype=np.uint8).reshape(20, 8, 8, 1))
    good = good.getvalue()
    flip = bytearray(good)
    flip[400] ^= 1
    head = (
        b"\x93NUMPY\x01\x00v\x00"
        + b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 28, 28, 1)}".ljust(
            117
        )
        + b"\n"
    )
    huge = io.BytesIO()
    with zipfile.ZipFile(huge, "w") as z:
        z.writestr("x.npy", head)
    for name, b in {
        "cut": good[:-30],
        "bit flip": bytes(flip),
        "shape of 784 TB": huge.getvalue(),
    }.items():
        open(f"{d}/a.npz", "wb").write(b)
        try:
            kgan.data.read(f"{d}/a.npz")
            faults.append(f"{name}: accepted")
        except (ValueError, OSError):
            pass
        except Exception as e:
            faults.append(f"{name}: {type(e).__name__}")
print("FAULT " + "; ".join(faults) if faults else "OK")
sys.exit(bool(faults))
