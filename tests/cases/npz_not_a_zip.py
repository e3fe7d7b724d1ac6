"""MedMNIST#39: an empty .npz says 'Aborted!', a .npy renamed to .npz and a web
page saved as .npz give tracebacks.
"""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import subprocess

import numpy as np

faults = []
with tempfile.TemporaryDirectory() as d:
    np.save(f"{d}/a.npy", np.zeros((9, 8, 8, 1), "uint8"))
    os.rename(f"{d}/a.npy", f"{d}/renamed.npz")
    open(f"{d}/empty.npz", "wb").close()
    open(f"{d}/page.npz", "w").write("PK\x03\x04<html>404</html>")
    for name in ("empty", "renamed", "page"):
        made = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys; from kgan.cli import main; sys.exit(main())",
                "train",
                "--preset",
                "mlp",
                "--data",
                f"{d}/{name}.npz",
                "-o",
                f"{d}/r",
            ],
            capture_output=True,
            text=True,
        )
        if "Traceback" in made.stderr or name not in made.stderr:
            faults.append(f"{name}.npz: {made.stderr.strip().splitlines()[-1]}")
fault = "; ".join(faults) or None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
