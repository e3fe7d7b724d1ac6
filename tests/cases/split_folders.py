"""fastai#1552, #2336: Kaggle's Train/ and Test/ become two classes, and the test
images are trained on.
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
for train, test in (("Train", "Test"), ("training_set", "test_set")):
    with tempfile.TemporaryDirectory() as d:
        for split in (train, test):
            for name in ("cat", "dog"):
                for i in range(3):
                    put(pathlib.Path(d, split, name, f"{i}.png"))
        samples, warned, error = read(d)
        if not (error or warned or samples.class_names == ("cat", "dog")):
            fault = f"{train}/ and {test}/ are read as classes {samples.class_names}, without a word"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
