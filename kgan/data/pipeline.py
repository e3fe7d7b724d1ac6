"""From `Samples` to a `tf.data.Dataset`."""

import numpy as np
import tensorflow as tf

from kgan._core.errors import invalid, one_of

# Keeps the next batches ready without a tuner that decides how many.
_PREFETCH = 4
# TensorFlow's default of 4 leaves permutations of successive epochs correlated (0.15,
# and thousands of equal differences); from 8 on they pass for random.
_SHUFFLE_ROUNDS = 8
_FOREVER = np.iinfo(np.int64).max
# The axes of a batch of images that each kind of flip reverses.
_FLIPS = {"none": (), "x": (2,), "y": (1,), "xy": (1, 2)}


def batches(
    samples,
    batch_size,
    shuffle=True,
    seed=0,
    start=0,
    repeat=False,
    drop_remainder=True,
    balanced=False,
    flip="none",
):
    """Returns a `tf.data.Dataset` of batches of `samples`.

    With `repeat=True` the stream is endless and stateless: what stands at a position
    depends on the seed and the position alone, every epoch of `len(samples)` positions
    is a fresh permutation, and a batch may span two epochs. A run that was stopped
    after `n` samples goes on exactly where it was with `start=n`.

    With `repeat=False` one iteration is one pass, shuffled anew at each iteration.

    Args:
        samples: `Samples`.
        batch_size: Samples in a batch.
        shuffle: Whether to permute the samples.
        seed: Non-negative integer; the same seed gives the same order.
        start: Position of the stream to start at; needs `repeat=True`.
        repeat: Whether the stream is endless.
        drop_remainder: Whether to leave out a last batch that is not full.
        balanced: Whether every class comes up equally often, however many samples it
            has: each `n` successive positions hold each of the `n` labels once, and a
            class starts anew when its samples are used up. Needs labels, and
            `repeat=True`.
        flip: Axes in which images are flipped, each with probability ½: "x" from left
            to right, "y" upside down, "xy" either way; or "none". Needs `repeat=True`.

    Returns:
        A `tf.data.Dataset` of `x`, or of `(x, y)` for labelled samples: `x` float32 in
        [-1, 1] (points as they are), `y` int64 `[batch_size]`. It is deterministic, and
        tf.data's autotuning, which stalls `fit`, is off.

    Example:

    >>> samples = kgan.data.read("digits")
    >>> x, y = next(iter(kgan.data.batches(samples, 64)))
    >>> x.shape
    TensorShape([64, 8, 8, 1])
    """
    _check(samples, batch_size, seed, start, repeat, drop_remainder)
    _check_balance(samples, repeat, balanced)
    _check_flip(samples, repeat, flip)
    count = len(samples)
    by_class = _by_class(samples.y) if balanced else None
    with tf.device("cpu:0"):  # a data set does not belong into a GPU's memory
        x = tf.convert_to_tensor(samples.x)
        y = samples.conditions
        y = None if y is None else tf.nest.map_structure(tf.convert_to_tensor, y)

    def take(positions):
        indices = positions
        if repeat:
            key = seed if shuffle else None
            if balanced:
                indices = _balanced_indices(positions, *by_class, key)
            else:
                indices = _stream_indices(positions, count, key)
        batch = tf.gather(x, indices)
        for axis in _FLIPS[flip]:
            flipped = _coin(positions, seed, axis)[:, None, None, None]
            batch = tf.where(flipped, tf.reverse(batch, [axis]), batch)
        if batch.dtype == tf.uint8:
            batch = tf.cast(batch, tf.float32) / 127.5 - 1.0
        if y is None:
            return batch
        return batch, tf.nest.map_structure(lambda part: tf.gather(part, indices), y)

    positions = tf.data.Dataset.range(start, _FOREVER if repeat else count)
    if repeat:
        positions = positions.repeat()  # never happens, but tells Keras: infinite
    elif shuffle:
        positions = positions.shuffle(count, seed=seed, reshuffle_each_iteration=True)
    dataset = positions.batch(batch_size, drop_remainder=drop_remainder)
    dataset = dataset.map(take, num_parallel_calls=2, deterministic=True)
    options = tf.data.Options()
    # Rewriting the graph would copy the whole data set and gains nothing here.
    options.experimental_optimization.apply_default_optimizations = False
    dataset = without_autotune(dataset.prefetch(_PREFETCH).with_options(options))
    return as_checked(dataset)


def as_checked(dataset):
    """Returns a data set, marked as one of `Samples`: its batches need no check."""
    dataset._kgan_checked = True
    return dataset


def is_checked(dataset):
    """Returns whether the batches of a data set were checked as `Samples`."""
    return getattr(dataset, "_kgan_checked", False)


def without_autotune(dataset):
    """Returns `dataset` with tf.data's autotuning switched off, other options kept.

    With autotuning on, dropping an iterator waits for the tuner's thread, which sleeps
    up to a minute: each epoch of `fit` stalls. `kgan.GAN.fit` calls this on every data
    set that it is given.

    Args:
        dataset: Any `tf.data.Dataset`.

    Example:

    >>> dataset = kgan.data.without_autotune(dataset)
    >>> dataset.options().autotune.enabled
    False
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def _stream_indices(positions, count, seed):
    """Maps positions of the endless stream to sample indices; all int64 `[B]`."""
    index = positions % count
    if seed is None:
        return index
    epoch = positions // count
    keys = _keys(seed, tf.range(epoch[0], epoch[-1] + 1))
    return _shuffled(index, tf.gather(keys, epoch - epoch[0]), count)


def _balanced_indices(positions, order, starts, sizes, seed):
    """Maps positions of the balanced stream to sample indices; all int64 `[B]`.

    Args:
        positions: Positions of the stream.
        order: Sample indices, sorted by label.
        starts: Where the samples of each label start in `order`.
        sizes: Number of samples of each label.
        seed: Integer, or None for no shuffling.
    """
    count = len(sizes)
    label, turn = positions % count, positions // count
    if seed is not None:
        # Negative numbers are the keys of turns, the others of passes over a class.
        label = _shuffled(label, _keys(seed, -1 - turn), count)
    size = tf.gather(sizes, label)
    index = turn % size
    if seed is not None:
        index = _shuffled(index, _keys(seed, turn // size * count + label), size)
    return tf.gather(order, tf.gather(starts, label) + index)


def _by_class(labels):
    """Returns sample indices sorted by label; starts and sizes of the labels in it."""
    _, starts, sizes = np.unique(np.sort(labels), return_index=True, return_counts=True)
    return np.argsort(labels, kind="stable"), starts, sizes


def _keys(seed, numbers):
    """Returns one key `[3]` a number; shuffling looks at few bits, so it hashes."""
    return tf.map_fn(
        lambda number: tf.random.stateless_uniform(
            [3], [seed, number], None, None, tf.int32, alg="philox"
        ),
        numbers,
        fn_output_signature=tf.TensorSpec([3], tf.int32),
    )


def _shuffled(index, keys, count):
    """Returns where each index below `count` goes in the permutation of its key."""
    # The raw op: its Python wrapper cannot take one key an element.
    return tf.raw_ops.RandomIndexShuffle(
        index=index,
        seed=keys,
        max_index=tf.cast(count, tf.int64) - 1,
        rounds=_SHUFFLE_ROUNDS,
    )


def _coin(positions, seed, axis):
    """Returns a bool that is True half of the time for each position, `[B]`.

    The mixing function of SplitMix64, of which neighbours are independent.
    """
    key = np.random.default_rng([seed, axis]).integers(2**63)
    mixed = tf.cast(positions, tf.uint64) * _bits(0x9E3779B97F4A7C15) + _bits(key)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = _shifted(mixed, shift) * _bits(factor)
    return _shifted(mixed, 31) % 2 == 1


def _bits(number):
    return tf.constant(number, tf.uint64)


def _shifted(bits, shift):
    by = tf.constant(shift, tf.uint64)
    return tf.bitwise.bitwise_xor(bits, tf.bitwise.right_shift(bits, by))


def _check(samples, batch_size, seed, start, repeat, drop_remainder):
    if batch_size < 1:
        raise invalid(
            "`batch_size` must be positive.",
            {"batch_size": batch_size},
            "Use 1 or more.",
        )
    if not repeat and drop_remainder and len(samples) < batch_size:
        raise invalid(
            "A pass over the data must hold at least one full batch.",
            {"len(samples)": len(samples), "batch_size": batch_size},
            "Use a smaller `batch_size`, `repeat=True` or `drop_remainder=False`.",
        )
    if not 0 <= seed < 2**63:
        raise invalid(
            "`seed` must be an integer in [0, 2**63).", {"seed": seed}, "Use 0 or more."
        )
    if start < 0 or (start and not repeat):
        raise invalid(
            "`start` must be 0, or a positive position of a repeated stream.",
            {"start": start, "repeat": repeat},
            "Use `repeat=True`.",
        )


def _check_balance(samples, repeat, balanced):
    if balanced and (samples.y is None or not repeat):
        raise invalid(
            "A balanced stream needs labels and `repeat=True`.",
            {"labels": samples.y is not None, "repeat": repeat},
            "It has no end: pass `steps_per_epoch` to `fit`.",
        )


def _check_flip(samples, repeat, flip):
    one_of("flip", flip, _FLIPS, "Use 'x' where a mirrored image could be in the data.")
    if flip != "none" and not (repeat and len(samples.shape) == 3):
        raise invalid(
            "A stream of flipped samples needs images and `repeat=True`.",
            {"shape of a sample": samples.shape, "repeat": repeat},
            "It has no end: pass `steps_per_epoch` to `fit`.",
        )
