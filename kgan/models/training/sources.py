"""What `fit` takes as a stream of batches, each as a `tf.data.Dataset`."""

import inspect
import itertools
import warnings

import keras
import numpy as np
import tensorflow as tf

from kgan import data
from kgan._core.errors import invalid

# Operations of data sets that call Python, which may be able to give its data once.
_PYTHON = {"PyFunc", "EagerPyFunc", "PyFuncStateless", "GeneratorDataset"}


def is_stream(x):
    """Returns whether `fit` reads batches from `x`, and not samples of an array."""
    if isinstance(x, tf.data.Dataset | keras.utils.PyDataset):
        return True
    whole = isinstance(x, list | tuple | dict | str) or hasattr(x, "__array__")
    return not whole and (hasattr(x, "__iter__") or hasattr(x, "__next__"))


def as_dataset(x, epochs, steps_per_epoch):
    """Returns a stream as a `tf.data.Dataset`.

    Args:
        x: A `tf.data.Dataset`, a `keras.utils.PyDataset`, a Python generator, or
            anything that can be iterated over, such as a PyTorch `DataLoader`.
        epochs: Number of epochs that are to be trained.
        steps_per_epoch: Of `fit`.

    Raises:
        ValueError: If a generator, which gives its batches once, is to serve several
            epochs, or the stream is empty.
    """
    if isinstance(x, tf.data.Dataset):
        return x
    if isinstance(x, keras.utils.PyDataset):
        return _dataset(_batches_of(x), x.num_batches)
    if iter(x) is not x:
        return _dataset(lambda: iter(x))
    if steps_per_epoch is None:
        if epochs > 1:
            raise invalid(
                "A generator gives its batches once, so an epoch of it needs a length.",
                {"epochs": epochs, "steps_per_epoch": None},
                "Pass `steps_per_epoch`, or a function that makes the generator anew "
                "to `tf.data.Dataset.from_generator`.",
            )
        if inspect.isgenerator(x):
            warnings.warn(
                "The epoch ends when the generator does. Pass `steps_per_epoch` if it "
                "never does.",
                stacklevel=6,
            )
    return _dataset(lambda: x)


def peek(dataset, count):
    """Returns the first elements of a data set, and a data set that has them still.

    A data set that calls Python is read by one iterator from the start, since what it
    reads from may give its data once. Others are read anew.

    Args:
        dataset: The `tf.data.Dataset`.
        count: How many elements to read at most.

    Returns:
        A list of elements, and a data set.
    """
    if not _calls_python(dataset):
        return list(data.without_autotune(dataset.take(count))), dataset
    iterator = iter(dataset)
    seen = list(itertools.islice(iterator, count))
    return seen, _resumed(dataset, seen, iterator) if seen else dataset


def _resumed(dataset, seen, iterator):
    """Returns `dataset`, whose first pass goes on with an iterator that was begun."""
    rest = (
        tf.data.Dataset.from_tensors(0)
        .repeat()
        .map(_plain(lambda _: iterator.get_next_as_optional()))
        .take_while(_plain(lambda element: element.has_value()))
        .map(_plain(lambda element: element.get_value()))
    )
    begun = tf.data.Dataset.from_tensors(seen[0])
    for element in seen[1:]:
        begun = begun.concatenate(tf.data.Dataset.from_tensors(element))
    begun = begun.concatenate(rest)
    with tf.device("cpu:0"):
        passes = tf.Variable(0, dtype=tf.int64, trainable=False)

    def one_pass(number):
        first = tf.cast(number == 1, tf.int64)
        # -1 takes all, 0 does not even ask for the first.
        return begun.take(-first).concatenate(dataset.take(first - 1))

    numbers = tf.data.Dataset.from_tensors(0)
    numbers = numbers.map(_plain(lambda _: passes.assign_add(1)))
    return numbers.flat_map(_plain(one_pass))


def _plain(function):
    """Returns a function that AutoGraph leaves as it is."""
    return tf.autograph.experimental.do_not_convert(function)


def _calls_python(dataset):
    """Returns whether a data set calls Python anywhere on its way.

    By attributes that TensorFlow does not promise; without them it is taken to.
    """
    waiting = [dataset]
    while waiting:
        found = waiting.pop()
        try:
            graphs = [function.function.graph for function in found._functions()]
            waiting += found._inputs()
        except AttributeError:
            return True
        if any(op.type in _PYTHON for graph in graphs for op in graph.get_operations()):
            return True
    return False


def _batches_of(x):
    """Returns a function to an iterator over one pass of a `PyDataset`."""

    def batches():
        count = x.num_batches
        for index in itertools.count() if count is None else range(count):
            yield x[index]
        x.on_epoch_end()

    return batches


def _dataset(make, length=None):
    """Returns the data set of a function that makes iterators over batches.

    The first batch tells structure, dtypes and ranks; an iterator that is made twice,
    and is the same, still gives it.
    """
    iterator = make()
    again = make() is iterator
    first = next(iterator, None)
    if first is None:
        raise invalid(
            "The data set must hold at least one batch.",
            {"x": type(iterator).__name__},
            "Check its source.",
        )
    first = _element(first)
    once = itertools.chain([first], map(_element, iterator))
    dataset = tf.data.Dataset.from_generator(
        (lambda: once) if again else (lambda: map(_element, make())),
        output_signature=tf.nest.map_structure(
            lambda part: tf.TensorSpec([None] * part.ndim, part.dtype), first
        ),
    )
    if length is not None:
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(length))
    return dataset


def _element(element):
    """Returns what an iterator gave as a tuple, a dict or one, of NumPy arrays."""
    if isinstance(element, dict):
        return {name: _element(part) for name, part in element.items()}
    if isinstance(element, tuple | list):
        return tuple(_element(part) for part in element if part is not None)
    return np.asarray(element)
