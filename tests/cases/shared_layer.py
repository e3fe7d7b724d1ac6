"""keras#10898, #9571: an Embedding shared by both players trains and saves; the
file cannot be loaded.
"""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import numpy as np
from keras import layers as L
from players import x

import kgan

z, image, y1, y2 = (
    keras.Input((8,)),
    keras.Input((8, 8, 1)),
    keras.Input((), dtype="int64"),
    keras.Input((), dtype="int64"),
)
shared = L.Embedding(10, 4)
fault = None
g = keras.Model(
    [z, y1],
    L.Reshape((8, 8, 1))(
        L.Dense(64, activation="tanh")(L.Concatenate()([z, shared(y1)]))
    ),
)
d = keras.Model(
    [image, y2], L.Dense(1)(L.Concatenate()([L.Flatten()(image), shared(y2)]))
)
with tempfile.TemporaryDirectory() as folder:
    try:
        gan = kgan.GAN(g, d)
        gan.compile()
    except ValueError:
        gan = None
    if gan is not None:
        gan.fit(x, np.arange(64) % 10, batch_size=16, verbose=0)
        gan.save(f"{folder}/gan.keras")
        try:
            kgan.load_model(f"{folder}/gan.keras")
        except ValueError as error:
            fault = "saved without a word, then: " + str(error).splitlines()[0]
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
