"""DEIM#12, GenReality#1 (img_align_celeba/): a single folder is one class; its
judge learns nothing, and is called 100 % accurate.
"""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import numpy as np

import kgan

x = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1)).astype("uint8")
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    try:
        judge, fault = (
            kgan.metrics.Classifier.for_data(x, np.zeros(40, int), cache=False),
            None,
        )
    except ValueError:
        judge = fault = None
if judge is not None and not any("class" in str(w.message) for w in seen):
    fault = f"one class: classifier_accuracy={judge.accuracy}, and fd is taken on features that never got a gradient"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
