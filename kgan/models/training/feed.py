"""From what the user hands to `fit` to the batches of its steps."""

import dataclasses
import math

import tensorflow as tf

from kgan import data
from kgan._core.errors import invalid
from kgan._core.nests import is_shape, leaves
from kgan.models.training import checks
from kgan.models.training.remembered import Remembered


def training_data(model, x, y, batch_size, shuffle, steps_per_epoch):
    """Returns the data set of whole steps that `fit` trains on, and steps an epoch.

    An array becomes an endless stream that starts where the model's step count left
    off, so that a loaded model goes on with the data it would have seen.

    Args:
        model: The compiled model.
        x: Array, `tf.data.Dataset` or distributed data set.
        y: Labels or conditions, with an array.
        batch_size: With an array, the batch of one update.
        shuffle: Whether to shuffle an array.
        steps_per_epoch: Steps an epoch, or None for one pass.
    """
    if isinstance(x, tf.distribute.DistributedDataset):
        return x, steps_per_epoch
    if isinstance(x, tf.data.Dataset):
        for name, value in (("y", y), ("batch_size", batch_size)):
            if value is not None:
                raise invalid(
                    f"A data set brings its own labels and batches, so no `{name}`.",
                    {name: value},
                    "Leave it out.",
                )
        return _from_dataset(model, x, steps_per_epoch)
    samples = data.from_arrays(x, y)
    condition = samples.condition
    few = dataclasses.replace(
        samples,
        x=samples.x[:1],
        condition=None if condition is None else condition[: Remembered.size],
    )
    first = few.x if few.conditions is None else (few.x, few.conditions)
    _check(model, *model.unpack(first))
    _check_parts(model, batch_size or 64)
    batch_size = (batch_size or 64) * model.batches_per_step
    if len(samples) < batch_size:
        raise invalid(
            "The data must hold at least one step: `discriminator_steps` batches.",
            {
                "samples": len(samples),
                "batch_size": batch_size // model.batches_per_step,
                "discriminator_steps": model.batches_per_step,
            },
            "Use a smaller `batch_size`.",
        )
    dataset = data.batches(
        samples,
        batch_size,
        shuffle=shuffle,
        seed=model.seed,
        start=int(model.step.numpy()) * batch_size,
        repeat=True,
    )
    return dataset, steps_per_epoch or len(samples) // batch_size


def unpack(model, element):
    """Returns the samples of an element of the data, and a dict of their conditions.

    What comes second, or bears a name, is the label if it is an integer a sample, and
    the condition if it is anything else: attributes or an image. Those that the model
    does not take are left out.
    """
    real, y = _parts(model, element)
    named = y if isinstance(y, dict) else {} if y is None else {_role(y): y}
    conditions = {}
    if model.data_classes is not None and named.get("label") is not None:
        label = named["label"]
        conditions["label"] = label[:, 0] if label.shape[1:] == (1,) else label
    if model.condition_shape is not None and named.get("condition") is not None:
        condition = named["condition"]
        if condition.dtype == tf.uint8 and len(model.condition_shape) > 1:
            raise invalid(
                "A data set must give images that are conditions as floats.",
                {"condition.dtype": "uint8"},
                "Map them to x / 127.5 - 1.",
            )
        conditions["condition"] = tf.cast(condition, tf.float32)
    return real, conditions


def _parts(model, element):
    """Returns samples, and what else an element holds: a tensor, a dict or None."""
    if isinstance(element, dict):
        names = {"label", "condition"} & element.keys()
        rest = {k: v for k, v in element.items() if k not in names}
        if not is_shape(model.sample_shape) and rest.keys() == set(model.sample_shape):
            return rest, {name: element[name] for name in names}
        if not is_shape(model.sample_shape) or len(rest) != 1:
            raise invalid(
                "A data set of dicts must hold the samples and nothing else than "
                "`label` and `condition`.",
                {"names": sorted(element)},
                "Drop the others: x.map(lambda d: {'image': d['image'], "
                "'label': d['label']}).",
            )
        (real,) = rest.values()
        return real, {name: element[name] for name in names}
    if isinstance(element, tuple | list):
        if len(element) > 2:
            raise invalid(
                "A data set must give samples or (samples, labels).",
                {"parts": len(element)},
                "Drop the others, for example with x.map(lambda x, y, *_: (x, y)).",
            )
        return element[0], element[1] if len(element) == 2 else None
    return element, None


def _role(y):
    """Returns what the second part of the data is, by its dtype and shape."""
    integer = tf.as_dtype(y.dtype).is_integer
    one = len(y.shape) < 2 or y.shape[1:] == (1,)
    return "label" if integer and one else "condition"


def _from_dataset(model, dataset, steps_per_epoch):
    first = next(iter(data.without_autotune(dataset.take(1))), None)
    if first is None:
        raise invalid(
            "The data set must hold at least one batch.",
            {"x": dataset},
            "Check its source, and that `drop_remainder` does not drop all of it.",
        )
    real, conditions = model.unpack(first)
    _check(model, real, conditions)
    if any(x.dtype == tf.uint8 for x in leaves(real)):
        raise invalid(
            "A data set must give floats in [-1, 1].",
            {"x.dtype": "uint8"},
            "Load the data by `kgan.data.load`, or map it to x / 127.5 - 1.",
        )
    size = len(leaves(real)[0])
    _check_parts(model, size)
    steps = model.batches_per_step
    if 0 < dataset.cardinality() < steps:
        raise invalid(
            "The data must hold at least one step: `discriminator_steps` batches.",
            {"batches": int(dataset.cardinality()), "discriminator_steps": steps},
            "Use smaller batches, or repeat the data set.",
        )
    count = dataset.cardinality() // steps
    full = tf.nest.flatten(dataset.element_spec)[0].shape[0] is not None
    if steps > 1 or not full:  # whole steps of whole batches
        dataset = dataset.rebatch(size * steps, drop_remainder=True)
    if full and count > 0:
        # One iterator for all epochs: Keras would make two an epoch, which shuffles
        # twice, and count the slices of a strategy's worker as its batches.
        dataset, steps_per_epoch = dataset.repeat(), steps_per_epoch or int(count)
    return data.without_autotune(dataset), steps_per_epoch


def _check(model, real, conditions):
    """Checks the first samples of a training, and keeps some of their conditions."""
    checks.check_batch(model, real, conditions)
    if model.remembered is not None:
        model.remembered.learn(conditions["condition"])


def _check_parts(model, batch_size):
    """Checks that a batch divides into replicas, micro-batches and packs."""
    parts = {
        "replicas": model.distribute_strategy.num_replicas_in_sync,
        "gradient_accumulation_steps": model.gradient_accumulation_steps,
        "pack": model.pack,
    }
    if batch_size % math.prod(parts.values()):
        raise invalid(
            "The batch of all replicas must divide into equal parts: replicas, their "
            "micro-batches, and whole packs.",
            {"batch_size": batch_size, **parts},
            f"Use a multiple of {math.prod(parts.values())}.",
        )
