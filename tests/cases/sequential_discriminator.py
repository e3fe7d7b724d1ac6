"""tensorflow-onnx#2319 (Sequential in Keras 3): TensorFlow's DCGAN tutorial has a
Sequential discriminator; kgan.GAN fails on it.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
from keras import layers as L
from players import generator, x

import kgan

sequential = keras.Sequential([keras.Input((8, 8, 1)), L.Flatten(), L.Dense(1)])
fault = None
try:
    gan = kgan.GAN(generator(), sequential)
    gan.compile()
    gan.fit(x, batch_size=16, verbose=0)
except AttributeError as error:
    fault = f"{type(error).__name__}: {error}"
except ValueError as error:
    fault = None if "Sequential" in str(error) else str(error)
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
