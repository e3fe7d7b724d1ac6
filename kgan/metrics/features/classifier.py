"""A small classifier whose features and predictions score samples."""

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

# Part of the cache key: raise it with every change to the network or its training.
VERSION = 1
BATCH_SIZE = 128
PREDICT_BATCH_SIZE = 500
# Classifiers that come with kgan.
_TRAINED = Path(__file__).parent / "trained"


class Classifier:
    """A classifier of one data set, which scores samples of that data's generators.

    For domains where Inception features mean little (digits, clothes, small pictures).
    Trained once per data set in seconds to a minute on two cores, then read from the
    cache: the folder named by the environment variable `KGAN_CACHE`, else
    `~/.cache/kgan`. That of `fashion_mnist:embedded` comes with kgan, so that its
    scores are the same ones on every machine. Training is deterministic on the CPU and
    neither reads nor changes any global random state. Images are put on the grid of
    8-bit values first, so that float samples and their uint8 export get equal scores.

    Make one by `Classifier.for_data`.

    Attributes:
        accuracy: Share of test images classified correctly. Report it with scores.
        hash: 12 hexadecimal digits that identify the weights. Scores of classifiers
            with different hashes cannot be compared.
        num_classes: Number of classes.

    Example:

    >>> classifier = kgan.metrics.Classifier.for_data(x_train, y_train, x_test, y_test)
    >>> classifier.accuracy
    0.9
    >>> classifier.features(images).shape  # (N, 64)
    >>> classifier.predict(images)  # int64 [N]
    """

    def __init__(self, network, accuracy=None):
        self._network = network
        self.accuracy = accuracy
        self.num_classes = network.output_shape[1][-1]
        self.hash = _digest(*network.get_weights())[:12]

    @classmethod
    def for_data(
        cls,
        images,
        labels,
        test_images=None,
        test_labels=None,
        num_classes=None,
        seed=0,
        cache=True,
    ):
        """Trains the classifier of a data set, or reads it from the cache.

        Args:
            images: uint8 or float in [-1, 1], `[N, H, W, C]`.
            labels: Integer `[N]`, from 0.
            test_images: Images for the accuracy. `None` holds out every tenth of
                `images`, which then is not trained on.
            test_labels: Their labels.
            num_classes: Number of classes; the largest label plus one if `None`.
            seed: Seed of the weights and of the order of the images.
            cache: Whether to read and write the cache, and to take what comes with
                kgan.

        Returns:
            A `Classifier`.

        Raises:
            ValueError: If labels are missing or do not fit the images.
        """
        if test_images is None:
            held_out = np.arange(len(images)) % 10 == 9
            images, labels = np.asarray(images), np.asarray(labels)
            test_images, test_labels = images[held_out], labels[held_out]
            images, labels = images[~held_out], labels[~held_out]
        train, test = _checked(images, labels), _checked(test_images, test_labels)
        num_classes = num_classes or int(max(train[1].max(), test[1].max())) + 1
        if len(np.unique(train[1])) < 2:
            raise invalid(
                "A classifier needs images of at least two classes.",
                {"labels": np.unique(train[1]).tolist()},
                "Sort the images into classes: with a single one it learns nothing, "
                "and its features mean nothing.",
            )
        network = _build(train[0].shape[1:], num_classes, seed)
        key = _digest(*train, *test, np.array([VERSION, num_classes, seed]))
        name = f"classifier-{key[:32]}.npz"
        path, classifier = _cache_folder() / name, None
        if cache:
            classifier = _read(_TRAINED / name, network) or _read(path, network)
        if classifier is None:
            _train(network, *train, seed)
            classifier = cls(network)
            classifier.accuracy = float(np.mean(classifier.predict(test[0]) == test[1]))
            if cache:
                _write(path, classifier)
        return classifier

    def features(self, images):
        """Returns the outputs of the last hidden layer, float32 `[N, 64]`."""
        return self._forward(images)[0]

    def predict(self, images):
        """Returns the most likely labels, int64 `[N]`."""
        return self._forward(images)[1].argmax(axis=1).astype(np.int64)

    def _forward(self, images):
        images = to_uint8(images)
        if images.shape[1:] != self._network.input_shape[1:] or not len(images):
            raise invalid(
                "The classifier takes images of the shape it was trained on: "
                f"[N, {', '.join(map(str, self._network.input_shape[1:]))}].",
                {"shape": images.shape},
                "Resize them, or train a classifier on this data.",
            )
        # No `Model.predict`: its input pipeline costs more than the work (STACK.md).
        outputs = [
            self._network.predict_on_batch(images[i : i + PREDICT_BATCH_SIZE])
            for i in range(0, len(images), PREDICT_BATCH_SIZE)
        ]
        return [np.concatenate(parts) for parts in zip(*outputs, strict=True)]


def _checked(images, labels):
    images, labels = to_uint8(images), np.asarray(labels)
    if images.ndim != 4 or labels.shape != images.shape[:1] or not labels.size:
        raise invalid(
            "A classifier needs images [N, H, W, C] with one label each.",
            {"images": images.shape, "labels": labels.shape},
            "Use labelled data.",
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0:
        raise invalid(
            "Labels must be integers from 0.",
            {"dtype": str(labels.dtype), "min": labels.min()},
            "Number the classes 0, 1, 2, …",
        )
    return images, labels.astype(np.int64)


def _build(shape, num_classes, seed):
    """Convolution and pooling down to 7 pixels or fewer, then 64 features.

    Every seed and dtype is given: Keras would take missing ones from global state.
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


def _train(network, images, labels, seed):
    """Eight epochs, but 600 to 2,000 steps; on few images at most 100 epochs."""
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
        classifier.train_on_batch(images[batch], labels[batch])


def _digest(*arrays):
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def _cache_folder():
    return Path(os.environ.get("KGAN_CACHE") or Path.home() / ".cache" / "kgan")


def _read(path, network):
    """The cached classifier, or `None` if there is none that can be read."""
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
        warnings.warn(f"Training the classifier anew: {path}: {error}", stacklevel=3)
        return None
    return Classifier(network, accuracy)


def _write(path, classifier):
    weights = {
        f"weight_{i}": w for i, w in enumerate(classifier._network.get_weights())
    }
    try:
        with replacing(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, accuracy=classifier.accuracy, **weights)
    except OSError as error:
        warnings.warn(f"The classifier was not cached: {path}: {error}", stacklevel=3)
