"""A small classifier whose features and predictions score samples."""

import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import to_uint8
from kgan.metrics.features.small_network import (
    SmallNetwork,
    build,
    digest,
    every_tenth,
    train,
)

# Part of the cache key: raise it with every change to the network or its training.
VERSION = 1


class Classifier(SmallNetwork):
    """A classifier of one data set, which scores samples of that data's generators.

    For domains where Inception features mean little (digits, clothes, small pictures).
    Trained once per data set in seconds to a minute on two cores, then read from the
    cache: the folder named by the environment variable `KGAN_CACHE`, else
    `~/.cache/kgan`. That of `fashion_mnist:embedded` comes with kgan, so that its
    scores are the same ones on every machine. Training is deterministic on the CPU and
    neither reads nor changes any global random state.

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

    name = "classifier"

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
            held_out = every_tenth(len(images))
            images, labels = np.asarray(images), np.asarray(labels)
            test_images, test_labels = images[held_out], labels[held_out]
            images, labels = images[~held_out], labels[~held_out]
        images, labels = _checked(images, labels)
        test = _checked(test_images, test_labels)
        num_classes = num_classes or int(max(labels.max(), test[1].max())) + 1
        if len(np.unique(labels)) < 2:
            raise invalid(
                "A classifier needs images of at least two classes.",
                {"labels": np.unique(labels).tolist()},
                "Sort the images into classes: with a single one it learns nothing, "
                "and its features mean nothing.",
            )
        network = build(images.shape[1:], num_classes, seed)
        key = digest(images, labels, *test, np.array([VERSION, num_classes, seed]))
        return cls.trained(
            network,
            key,
            lambda: train(network, images, seed, lambda i: (images[i], labels[i])),
            lambda found: float(np.mean(found.predict(test[0]) == test[1])),
            cache,
        )

    def predict(self, images):
        """Returns the most likely labels, int64 `[N]`."""
        return self.most_likely(images)


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
