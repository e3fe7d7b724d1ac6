"""What extractors that are trained on the data have in common."""

import hashlib
import os
import warnings
import zipfile
from pathlib import Path

import keras
import numpy as np
from keras import layers

from kgan._core.errors import invalid
from kgan._core.images import to_uint8
from kgan._core.writing import replacing

BATCH_SIZE = 128
PREDICT_BATCH_SIZE = 500
# Networks that come with kgan.
_TRAINED = Path(__file__).parent / "trained"


class SmallNetwork:
    """Base of small networks that see the images of one data set for the metrics.

    Subclasses make theirs by `trained`, once per data set: then it is read from the
    cache, the folder named by the environment variable `KGAN_CACHE`, else
    `~/.cache/kgan`. Training is deterministic on the CPU and neither reads nor changes
    any global random state. Images are put on the grid of 8-bit values first, so that
    float samples and their uint8 export get equal scores.

    Args:
        network: Built by `build`.
        accuracy: Share of test images that it classifies correctly.

    Attributes:
        accuracy: That share.
        hash: 12 hexadecimal digits that identify the weights. Scores by networks with
            different hashes cannot be compared.
        name: What users choose it by.
    """

    name = None

    def __init__(self, network, accuracy=None):
        self._network = network
        self.accuracy = accuracy
        self.num_classes = network.output_shape[1][-1]
        self.hash = digest(*network.get_weights())[:12]

    @classmethod
    def trained(cls, network, key, train, accuracy, cache=True):
        """Returns the extractor of a network: read from the cache, or trained.

        Args:
            network: Built by `build`; it gets the weights.
            key: Hexadecimal digits of all that the weights depend on.
            train: Called without arguments if the network is to be trained.
            accuracy: Called with the trained extractor, returns its accuracy.
            cache: Whether to read and write the cache, and to take what comes with
                kgan.
        """
        name = f"{cls.name}-{key[:32]}.npz"
        path, found = cache_folder() / name, None
        if cache:
            found = cls._read(_TRAINED / name, network) or cls._read(path, network)
        if found is None:
            train()
            found = cls(network)
            found.accuracy = accuracy(found)
            if cache:
                found._write(path)
        return found

    def features(self, images):
        """Returns the outputs of the last hidden layer, float32 `[N, 64]`."""
        return self._forward(images)[0]

    def most_likely(self, images):
        """Returns the most likely labels, int64 `[N]`."""
        return self._forward(images)[1].argmax(axis=1).astype(np.int64)

    def _forward(self, images):
        images = to_uint8(images)
        if images.shape[1:] != self._network.input_shape[1:] or not len(images):
            raise invalid(
                f"The {self.name} network takes images of the shape it was trained on: "
                f"[N, {', '.join(map(str, self._network.input_shape[1:]))}].",
                {"shape": images.shape},
                "Resize them, or train one on this data.",
            )
        # No `Model.predict`: its input pipeline costs more than the work (STACK.md).
        outputs = [
            self._network.predict_on_batch(images[i : i + PREDICT_BATCH_SIZE])
            for i in range(0, len(images), PREDICT_BATCH_SIZE)
        ]
        return [np.concatenate(parts) for parts in zip(*outputs, strict=True)]

    @classmethod
    def _read(cls, path, network):
        """The extractor in a file, or `None` if there is none that can be read."""
        try:
            with np.load(path) as file:
                names = [f"weight_{i}" for i in range(len(network.weights))]
                weights = [file[name] for name in names]
                accuracy = float(file["accuracy"])
            for variable, value in zip(network.weights, weights, strict=True):
                variable.assign(value)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            warnings.warn(f"Training the network anew: {path}: {error}", stacklevel=4)
            return None
        return cls(network, accuracy)

    def _write(self, path):
        weights = {f"weight_{i}": w for i, w in enumerate(self._network.get_weights())}
        try:
            with replacing(path) as temporary, open(temporary, "wb") as file:
                np.savez(file, accuracy=self.accuracy, **weights)
        except OSError as error:
            warnings.warn(f"The network was not cached: {path}: {error}", stacklevel=4)


def build(shape, num_classes, seed):
    """Returns a network from uint8 images to 64 features and logits.

    Convolution and pooling down to 7 pixels or fewer, then the features. Every seed and
    dtype is given: Keras would take missing ones from global state.

    Args:
        shape: `(height, width, channels)`.
        num_classes: Number of logits.
        seed: Seed of weights and dropout.
    """

    def initializer(index):
        return keras.initializers.GlorotUniform(seed=1000 * seed + index)

    def convolution(width, index):
        return layers.Conv2D(
            width,
            3,
            padding="same",
            activation="relu",
            kernel_initializer=initializer(index),
            dtype="float32",
        )

    inputs = keras.Input(shape, dtype="uint8")
    x = layers.Rescaling(1 / 127.5, -1.0, dtype="float32")(inputs)
    side, width, index = max(shape[:2]), 24, 0
    if side > 64:
        factor = -(-side // 64)
        x = layers.AveragePooling2D(factor, padding="same", dtype="float32")(x)
        side = -(-side // factor)
    while side > 7:
        x = convolution(width, index)(x)
        x = layers.MaxPooling2D(2, padding="same", dtype="float32")(x)
        side, width, index = -(-side // 2), min(2 * width, 96), index + 1
    x = layers.Flatten(dtype="float32")(convolution(width, index)(x))
    x = layers.Dropout(0.3, seed=seed, dtype="float32")(x)
    features = layers.Dense(
        64, "relu", kernel_initializer=initializer(100), dtype="float32"
    )(x)
    x = layers.Dropout(0.3, seed=seed + 1, dtype="float32")(features)
    logits = layers.Dense(
        num_classes, kernel_initializer=initializer(101), dtype="float32"
    )(x)
    return keras.Model(inputs, [features, logits])


def train(network, images, seed, batch_of):
    """Trains a network of `build`: eight epochs, but 600 to 2,000 steps.

    On few images at most 100 epochs.

    Args:
        network: The network.
        images: uint8 `[N, H, W, C]`.
        seed: Seed of the order of the images.
        batch_of: Called with indices, returns images and labels of a step.
    """
    size = min(BATCH_SIZE, len(images))
    epoch = len(images) // size
    steps = min(max(8 * epoch, 600), 2000, 100 * epoch)
    # The same layers, without the features as an output to train.
    classifier = keras.Model(network.input, network.output[1])
    classifier.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        auto_scale_loss=False,
    )
    # Variables that come up in the first step make TensorFlow trace it twice.
    classifier.optimizer.build(classifier.trainable_variables)
    rng = np.random.default_rng(seed)
    order = np.empty(0, np.int64)
    for _ in range(steps):
        if len(order) < size:
            order = rng.permutation(len(images))
        batch, order = order[:size], order[size:]
        classifier.train_on_batch(*batch_of(batch))


def every_tenth(count):
    """Returns a mask of the images that are held out where there is no test split."""
    return np.arange(count) % 10 == 9


def digest(*arrays):
    """Returns the SHA-256 of arrays, their dtypes and shapes."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(np.ascontiguousarray(array))
    return found.hexdigest()


def cache_folder():
    """Returns the folder of what is trained once: `KGAN_CACHE` or `~/.cache/kgan`."""
    return Path(os.environ.get("KGAN_CACHE") or Path.home() / ".cache" / "kgan")
