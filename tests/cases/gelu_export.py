"""tensorflow-onnx#2463, #2347: GELU (TensorFlow 2.21 computes it by Erfc) and CELU
(Expm1) cannot be exported.
"""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
from keras import layers as L
from players import generator

import kgan_export

faults = []
with tempfile.TemporaryDirectory() as d:
    for name in ("gelu", "celu"):
        try:
            kgan_export.export(generator(middle=L.Activation(name)), f"{d}/g.onnx")
        except kgan_export.ExportError as error:
            faults.append(f"{name}: {error}")
fault = "; ".join(faults) or None
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
