"""MMInstruct#4, unet-stylegan2#5: .gif, .tif, .jfif files are left out silently,
and with them a whole class.
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
    for i in range(3):
        put(pathlib.Path(d, "cat", f"{i}.png"))
        put(pathlib.Path(d, "dog", f"{i}.gif"))
        put(pathlib.Path(d, "cow", f"{i}.tif"))
    samples, warned, error = read(d)
    if not (error or warned or len(samples) == 9):
        fault = f"9 pictures in 3 class folders read as {samples!r}, without a word"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
