"""A small network that learned to see images without labels."""

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
# Images that it is trained on at most, evenly picked: more teach it no more in 2,000
# steps, and need not be read.
MOST = 20_000
FEWEST = 10
_TURNS = range(4)


class SelfSupervised(SmallNetwork):
    """Features of a network that tells how images were turned: for data without labels.

    To tell by how many quarter turns an image was turned, a network must know what is
    shown. What the features respond to, blur, noise, missing kinds of images, patches
    in wrong places, thereby raises the Fréchet distance. Images that are not square
    are mirrored instead: not at all, from left to right, upside down, or both.

    Trained once per data set in a minute or less on two cores, then read from the
    cache, as a `Classifier` is.

    Make one by `SelfSupervised.for_data`.

    Attributes:
        accuracy: Share of test images whose turn it tells; 0.25 is chance. Where things
            look the same from several sides, 1 cannot be reached.
        hash: 12 hexadecimal digits that identify the weights.

    Example:

    >>> extractor = kgan.metrics.SelfSupervised.for_data(x_train)
    >>> evaluator = kgan.metrics.Evaluator(extractor, x_test)

    Reference:

    - [Gidaris et al., 2018](https://arxiv.org/abs/1803.07728)
    """

    name = "self-supervised"

    @classmethod
    def for_data(cls, images, test_images=None, seed=0, cache=True):
        """Trains the network of a data set, or reads it from the cache.

        Args:
            images: uint8 or float in [-1, 1], `[N, H, W, C]`.
            test_images: Images for the accuracy. `None` holds out every tenth.
            seed: Seed of the weights, the turns and the order of the images.
            cache: Whether to read and write the cache.

        Returns:
            A `SelfSupervised`.

        Raises:
            ValueError: If there are fewer than ten images, or these are none.
        """
        images = np.asarray(images)
        if images.ndim != 4 or len(images) < FEWEST:
            raise invalid(
                f"Self-supervision needs {FEWEST} images [N, H, W, C] or more.",
                {"images": images.shape},
                "Use more of them.",
            )
        images = _some(images)
        if test_images is None:
            held_out = every_tenth(len(images))
            images, test_images = images[~held_out], images[held_out]
        images, test_images = to_uint8(images), to_uint8(_some(np.asarray(test_images)))
        network = build(images.shape[1:], len(_TURNS), seed)
        rng = np.random.default_rng([seed, 1])

        def batch_of(indices):
            turns = rng.integers(0, len(_TURNS), len(indices))
            return turned(images[indices], turns), turns

        def accuracy(found):
            every = [np.full(len(test_images), turn) for turn in range(len(_TURNS))]
            right = [found.most_likely(turned(test_images, t)) == t for t in every]
            return float(np.mean(right))

        key = digest(images, test_images, np.array([VERSION, seed]))
        return cls.trained(
            network,
            key,
            lambda: train(network, images, seed, batch_of),
            accuracy,
            cache,
        )


def _some(images):
    count = min(len(images), MOST)
    return images[np.arange(count) * len(images) // count]


def turned(images, turns):
    """Returns images, each turned by so many quarters; mirrored if they are not square.

    Args:
        images: `[N, H, W, C]`.
        turns: Integer `[N]`, 0 to 3.
    """
    made, square = np.empty_like(images), images.shape[1] == images.shape[2]
    for turn in _TURNS:
        part = images[turns == turn]
        if square:
            made[turns == turn] = np.rot90(part, turn, axes=(1, 2))
        else:
            down, left = divmod(turn, 2)
            made[turns == turn] = part[:, :: 1 - 2 * down, :: 1 - 2 * left]
    return made
