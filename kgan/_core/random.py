"""Stateless randomness: equal on one replica or many, repeatable and resumable."""

import contextlib
import random
import zlib

import tensorflow as tf

from kgan._core.distribution import part


class Stream:
    """A source of random numbers that holds no state.

    Each draw is a function of the seed, of what was folded in (a step, a name, an
    index) and of the sample's position in the global batch. So a run repeats, a
    resumed run goes on with the same numbers, and replicas and micro-batches see
    different slices of the same numbers whatever their count.

    Args:
        seed: A Python integer.

    Example:

    >>> codes = Stream(0).fold(step).fold("codes").normal([64, 100])
    """

    def __init__(self, seed):
        self._key = tf.constant([seed & 0x7FFFFFFF, (seed >> 31) & 0x7FFFFFFF])

    def fold(self, data):
        """Returns the stream of a name (a string) or of an integer (or its tensor)."""
        if isinstance(data, str):
            data = zlib.crc32(data.encode()) & 0x7FFFFFFF
        child = object.__new__(Stream)
        data = tf.cast(data, tf.int32)
        child._key = tf.random.experimental.stateless_fold_in(self._key, data, "philox")
        return child

    def draw(self, function, shape, **options):
        """Draws this part of the global batch by a `tf.random.stateless_*`.

        Args:
            function: Such as `tf.random.stateless_truncated_normal`.
            shape: Shape of the part; the first axis is the batch of this replica, or
                of its micro-batch.
            **options: Further arguments of `function`.
        """
        index, parts = part()
        count = shape[0]
        options.setdefault("alg", "philox")
        values = function([count * parts, *shape[1:]], self._key, **options)
        return values if parts == 1 else values[count * index : count * (index + 1)]

    def normal(self, shape):
        """Draws float32 standard normal numbers."""
        return self.draw(tf.random.stateless_normal, shape)

    def uniform(self, shape, minval=0.0, maxval=1.0):
        """Draws float32 numbers in [minval, maxval)."""
        bounds = {"minval": minval, "maxval": maxval}
        return self.draw(tf.random.stateless_uniform, shape, **bounds)

    def integers(self, shape, maxval):
        """Draws int64 numbers in [0, maxval)."""
        bounds = {"minval": 0, "maxval": maxval, "dtype": tf.int64}
        return self.draw(tf.random.stateless_uniform, shape, **bounds)


@contextlib.contextmanager
def seeded_initializers(seed):
    """Makes the Keras layers that are built inside draw repeatable initial weights.

    Keras takes the default seeds of its initializers from Python's `random`, whose
    state is put back afterwards.

    Args:
        seed: A Python integer.
    """
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)
