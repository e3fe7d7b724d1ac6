"""Gradients of a large batch from micro-batches, at the memory of one of them."""

import tensorflow as tf

from kgan._core.distribution import micro_batch, passing_means
from kgan._core.nests import count, leaves, rows


def split(nest, number):
    """Returns `number` equal parts of a nest of tensors: packs stay together."""
    if number == 1 or not leaves(nest):
        return [nest] * number
    size = count(nest) // number
    return [rows(nest, slice(i * size, (i + 1) * size)) for i in range(number)]


def each(draws, compute):
    """Draws and computes the micro-batches, strictly one after the other.

    Without the order TensorFlow would compute them at the same time and need the
    memory of them all.

    Args:
        draws: A list of functions that return a micro-batch.
        compute: A function of a micro-batch and its index to a nest of tensors.

    Returns:
        A list of the results.
    """
    results = []
    for index, draw in enumerate(draws):
        before = tf.nest.flatten(results[-1:], expand_composites=True)
        before = [tensor for tensor in before if tensor is not None]
        with micro_batch(index, len(draws)), tf.control_dependencies(before):
            results.append(compute(draw(), index))
    return results


def accumulate(draws, compute):
    """Sums the gradients of the micro-batches.

    Args:
        draws: As in `each`.
        compute: A function of a micro-batch and its index to gradients, a list of
            tensors or None, and to anything else.

    Returns:
        The summed gradients, and a list of the rest.
    """
    total, rest = None, []

    def take_in(batch, index):
        nonlocal total
        gradients, other = compute(batch, index)
        rest.append(other)
        total = gradients if total is None else add(total, gradients)
        return total

    each(draws, take_in)
    return total, rest


def add(first, second):
    """Returns the sums of two lists of gradients, some of which may be None."""
    return [_plus(a, b) for a, b in zip(first, second, strict=True)]


def _plus(a, b):
    if a is None or b is None:
        return b if a is None else a
    # Those of an embedding are sparse.
    return tf.convert_to_tensor(a) + tf.convert_to_tensor(b)


class Memory:
    """What the penalties of an update remember, such as moving averages of logits.

    Such a penalty compares each sample with an average that has taken in the whole
    batch. So micro-batches pass through it twice: once for what they average to
    (`observe`), and once, with that, for their gradients (`call`).

    Args:
        penalties: The player's penalties that are due and have a state.
    """

    def __init__(self, penalties):
        self._penalties = penalties
        self._old = {
            penalty.name: [(v, tf.identity(v)) for v in penalty.state.variables]
            for penalty in penalties
        }
        self._means = {}

    def observe(self, draws, prepare):
        """Takes in all micro-batches.

        Args:
            draws: As in `each`.
            prepare: A function of a penalty and a micro-batch to what it is called on.
        """

        def record(batch, index):
            seen = {penalty.name: [] for penalty in self._penalties}
            for penalty in self._penalties:

                def keep(mean, means=seen[penalty.name]):
                    means.append(mean)
                    return mean

                self._call(penalty, prepare(penalty, batch), keep)
            return seen

        if self._penalties and len(draws) > 1:
            seen = each(draws, record)
            self._means = tf.nest.map_structure(
                lambda *means: tf.add_n(means) / len(means), *seen
            )

    def call(self, penalty, batch):
        """Calls a penalty on a micro-batch, with the means of the whole batch."""
        if penalty.name not in self._means:
            return penalty.call(batch)
        means = iter(self._means[penalty.name])
        return self._call(penalty, batch, lambda mean: next(means))

    def restore_unless(self, sound):
        """Takes back what an update did that was not sound, a bool tensor."""
        for variable, old in [pair for pairs in self._old.values() for pair in pairs]:
            variable.assign(tf.where(sound, variable, old))

    def _call(self, penalty, batch, function):
        for variable, old in self._old[penalty.name]:
            variable.assign(old)
        with passing_means(function):
            return penalty.call(batch)
