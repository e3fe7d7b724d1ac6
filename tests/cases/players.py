"""Small players and pictures, as users of the cases brought them."""

import keras
import numpy as np
from keras import layers as L


def generator(act="tanh", middle=None, classes=None):
    z = keras.Input((8,))
    inputs, x = z, z
    if classes:
        y = keras.Input((), dtype="int64")
        inputs, x = [z, y], L.Concatenate()([z, L.Embedding(classes, 4)(y)])
    x = L.Dense(32)(x)
    x = middle(x) if middle else x
    return keras.Model(inputs, L.Reshape((8, 8, 1))(L.Dense(64, activation=act)(x)))


def discriminator(act=None, middle=None, **dense):
    image = keras.Input((8, 8, 1))
    x = L.LeakyReLU()(L.Dense(32)(L.Flatten()(image)))
    x = middle(x) if middle else x
    return keras.Model(image, L.Dense(1, activation=act, **dense)(x))


x = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 1)).astype("uint8")
unit = (x / 127.5 - 1).astype("float32")
