"""From the batches of a data set, whatever their dtypes, to those of a step.

What `kgan.data` does for arrays once is done here in the graph of the data set, batch
by batch, on the CPU and ahead of the steps: casts, the range of values, labels. A
batch that does not serve ends the training by an error that names it.
"""

import re
import warnings

import numpy as np
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.nests import is_shape
from kgan.data.value_range import SLACK, find_range

_KINDS = {3: "audio", 4: "images", 5: "video"}
_MARK = "kgan checks"
# As TensorFlow tells it in a graph, and eagerly.
_FOUND = re.compile(
    rf"{_MARK} (\w+) (\w+)['\]]\s*\[?(\d+)\]?\s*\[?([^\s\]]+)\]?\s*\[?([^\s\]]+)"
)


class Form:
    """How the elements of a data set become batches of float32 samples.

    Args:
        model: The model, which tells samples from conditions.
        value_range: As for `fit`.
        element: The first batch, by which a range of "auto" is found.

    Raises:
        ValueError: If the samples are no numbers, or of no range that is known.
    """

    def __init__(self, model, value_range, element):
        self._model = model
        parts = self._parts(model.unpack(element)[0])
        self._ranges = {name: _range(name, x, value_range) for name, x in parts.items()}
        self._first = tf.nest.map_structure(lambda x: x.shape, element)

    def __call__(self, number, element):
        """Returns the samples of a batch, and a dict of their conditions.

        Args:
            number: Its number in the data set, for errors.
            element: What the data set gave.

        Raises:
            InvalidArgumentError: Which `explain` turns into a `ValueError`.
        """
        real, conditions = self._model.unpack(element)
        parts = {
            name: self._samples(name, part, number)
            for name, part in self._parts(real).items()
        }
        conditions = dict(conditions)
        if "label" in conditions:
            conditions["label"] = self._labels(conditions["label"], number)
        if "condition" in conditions:
            conditions["condition"] = _condition(conditions["condition"], number)
        alone = is_shape(self._model.sample_shape)
        return parts["x"] if alone else parts, conditions

    def apply(self, dataset, batch_size):
        """Returns a data set of dicts by name, of float32 samples of static shapes.

        Args:
            dataset: The data set.
            batch_size: Where all batches are of one size, this size; or None.
        """
        shapes = self._parts(self._model.sample_shape)

        @tf.autograph.experimental.do_not_convert
        def convert(number, element):
            element = tf.nest.map_structure(_shaped, element, self._first)
            real, conditions = self(number, element)
            parts = {
                name: tf.ensure_shape(part, [batch_size, *shapes[name]])
                for name, part in self._parts(real).items()
            }
            return {**parts, **conditions}

        # In parallel it also works ahead of the steps.
        return dataset.enumerate().map(
            convert, num_parallel_calls=2, deterministic=True
        )

    def _parts(self, samples):
        """Returns samples, or their shapes, as a dict by name."""
        return {"x": samples} if is_shape(self._model.sample_shape) else samples

    def _samples(self, name, x, number):
        limits = self._ranges[name]
        x, given = tf.cast(x, tf.float32), x.dtype
        if limits is None:  # points may be anywhere
            return _checked(x, tf.reduce_all(tf.math.is_finite(x)), name, number)
        bottom, top = limits
        if not (given == tf.uint8 and (bottom, top) == (0, 255)):
            slack = SLACK * (top - bottom)
            ok = tf.reduce_all((x >= bottom - slack) & (x <= top + slack))
            x = _checked(x, ok, name, number)
        if (bottom, top) == (-1, 1):
            return x
        return (x - bottom) * np.float32(2 / (top - bottom)) - 1.0

    def _labels(self, y, number):
        """Returns labels int64 `[N]`: whole numbers, or one-hot rows of all classes."""
        classes = self._model.data_classes
        lowest = 0 if self._model.conditional else -1
        if y.shape.rank == 2 and y.shape[1] == classes:
            whole = tf.reduce_all((y == 0) | (y == 1))
            one = tf.reduce_all(tf.reduce_sum(tf.cast(y, tf.int64), 1) == 1)
            return _checked(tf.argmax(y, 1), whole & one, "y", number, "onehot", y)
        labels = tf.cast(y, tf.int64)
        ok = tf.reduce_all(tf.cast(labels, y.dtype) == y)
        ok &= tf.reduce_all((labels >= lowest) & (labels < classes))
        return _checked(labels, ok, "y", number, "label", y)


def explain(model, error):
    """Returns the `ValueError` of a batch that was found wrong, or None for others.

    Args:
        model: The model.
        error: What TensorFlow raised.
    """
    found = _FOUND.search(str(error))
    if found is None:
        return None
    what, name, number, low, high = found.groups()
    where = {"batch": int(number), f"{name}.min()": _number(low)}
    where[f"{name}.max()"] = _number(high)
    if what == "onehot":
        return invalid(
            "Labels in rows must be one-hot: a single 1 in each.",
            where,
            "For attributes build the networks with `condition_dim`.",
        )
    if what == "label":
        lowest = 0 if model.conditional else -1
        return invalid(
            f"Labels must be integers [N] from {lowest} to {model.data_classes - 1}.",
            where,
            "Number the classes from 0 without gaps, or build the networks with the "
            "data's `num_classes`.",
        )
    if what == "condition":
        return invalid("Conditions must be finite.", where, "Repair the batch.")
    return invalid(
        "All batches of a data set must be finite and in one range of values, by "
        "default that of the first.",
        where,
        "Repair the batch, or say the range: fit(…, value_range=(-1, 1)).",
    )


def _range(name, x, value_range):
    """Returns the range of the first samples of a data set, None for points."""
    dtype, rank = x.dtype, x.shape.rank
    if not (dtype.is_integer or dtype.is_floating):
        raise invalid(
            "Samples must be numbers: uint8, other integers in 0–255, or floats.",
            {f"{name}.dtype": dtype.name},
            "Decode or cast them in the data set.",
        )
    if rank not in _KINDS:
        return None
    low, high = (float(reduce(x)) for reduce in (tf.reduce_min, tf.reduce_max))
    kind = _KINDS[rank]
    bottom, top = find_range(low, high, dtype.is_integer, kind, value_range)
    if dtype.is_floating and isinstance(value_range, str) and (bottom, top) != (-1, 1):
        warnings.warn(
            f"By its first batch, in [{low:.4g}, {high:.4g}], the data set is taken to "
            f"be in [{bottom}, {top}] and is brought to [-1, 1]. Say so by "
            f"fit(…, value_range=({bottom}, {top})), or which it is.",
            stacklevel=7,
        )
    return bottom, top


def _shaped(x, first):
    """Returns a part of a batch with the rank of the first; of labels the sizes."""
    sizes = [None, *first[1:]] if first.rank == 2 else [None] * first.rank
    return tf.ensure_shape(x, sizes) if first.rank else x


def _condition(condition, number):
    if condition.dtype == tf.uint8 and condition.shape.rank > 2:
        return tf.cast(condition, tf.float32) / 127.5 - 1.0
    condition = tf.cast(condition, tf.float32)
    ok = tf.reduce_all(tf.math.is_finite(condition))
    return _checked(condition, ok, "condition", number, "condition")


def _checked(x, ok, name, number, what="range", received=None):
    """Returns `x`, by way of an error that names the batch where it is not `ok`."""
    received = tf.cast(x if received is None else received, tf.float32)

    def fail():
        extremes = tf.reduce_min(received), tf.reduce_max(received)
        return tf.debugging.Assert(
            False, [f"{_MARK} {what} {name}", number, *extremes], summarize=1
        )

    with tf.control_dependencies([tf.cond(ok, tf.no_op, fail)]):
        return tf.identity(x)


def _number(text):
    try:
        return float(text)
    except ValueError:
        return text
