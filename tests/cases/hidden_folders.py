"""pytorch/vision#2831, tensorflow#46595: Jupyter's .ipynb_checkpoints becomes a
class, or stops a flat folder.
"""

import os
import pathlib
import sys
import tempfile
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
from PIL import Image

import kgan


def put(path, colour=(200, 30, 60), mode="RGB", size=(16, 16), **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)


def read(path):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            return kgan.data.read(path), [str(w.message) for w in seen], None
        except ValueError as error:
            return None, [], str(error)


fault = None
with tempfile.TemporaryDirectory() as d:
    for folder in ("cat", "dog", ".ipynb_checkpoints"):
        for i in range(3):
            put(pathlib.Path(d, "classes", folder, f"{i}.png"))
    for name in ("0.png", ".ipynb_checkpoints/0-checkpoint.png"):
        put(pathlib.Path(d, "flat", name))
    samples, _, _ = read(f"{d}/classes")
    _, _, error = read(f"{d}/flat")
    if samples.class_names != ("cat", "dog"):
        fault = f"classes {samples.class_names}"
    elif error:
        fault = "a flat folder with .ipynb_checkpoints: " + error.splitlines()[0]
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
