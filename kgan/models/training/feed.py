"""From what the user hands to `fit` to the batches of its steps."""

import contextlib
import dataclasses
import math
import os
import warnings

import numpy as np
import tensorflow as tf

from kgan import data
from kgan._core.errors import invalid
from kgan._core.nests import is_shape, leaves, map_leaves, shape_leaves
from kgan.data.pipeline import is_checked
from kgan.data.value_range import check_range
from kgan.latents import integer
from kgan.models.training import checks
from kgan.models.training.form import Form, explain
from kgan.models.training.remembered import Remembered
from kgan.models.training.sources import as_dataset, is_stream, peek

# Samples of an update, of arrays and data sets of single samples.
DEFAULT_BATCH = 64
# Batches of unknown size that are looked at before a size is chosen.
_FEW = 3


def training_data(
    model,
    x,
    y,
    batch_size,
    shuffle,
    steps_per_epoch,
    epochs=1,
    value_range="auto",
):
    """Returns the data set of whole steps that `fit` trains on, and steps an epoch.

    An array becomes an endless stream that starts where the model's step count left
    off, so that a loaded model goes on with the data it would have seen.

    Args:
        model: The compiled model.
        x: Array, stream of batches, or distributed data set.
        y: Labels or conditions, with an array.
        batch_size: With an array, the batch of one update.
        shuffle: Whether to shuffle an array.
        steps_per_epoch: Steps an epoch, or None for one pass.
        epochs: Number of epochs that are to be trained.
        value_range: As for `kgan.data.from_arrays`.
    """
    value_range = check_range(value_range)
    for name, value in (
        ("batch_size", batch_size),
        ("steps_per_epoch", steps_per_epoch),
    ):
        if value is not None:
            integer(name, value, 1, 2**63)
    if x is None or isinstance(x, str | os.PathLike):
        raise invalid(
            "`x` must be samples or a data set.",
            {"x": x},
            "Read it: kgan.data.load('fashion_mnist:embedded', batch_size=64), or the "
            "path of a folder or of an .npz file.",
        )
    if isinstance(x, tf.distribute.DistributedDataset):
        return x, steps_per_epoch
    if is_stream(x):
        if y is not None:
            raise invalid(
                "A data set brings its own labels and batches, so no `y`.",
                {"y": type(y).__name__},
                "Leave it out.",
            )
        dataset = data.without_autotune(as_dataset(x, epochs, steps_per_epoch))
        return _from_dataset(model, dataset, batch_size, steps_per_epoch, value_range)
    if y is None and isinstance(x, tuple | dict):
        x, y = _parts(model, x)
    samples = data.from_arrays(x, _whole(y), value_range=value_range)
    condition = samples.condition
    few = dataclasses.replace(
        samples,
        x=samples.x[:1],
        condition=None if condition is None else condition[: Remembered.size],
    )
    first = few.x if few.conditions is None else (few.x, few.conditions)
    _check(model, *model.unpack(first))
    _check_parts(model, batch_size or DEFAULT_BATCH)
    batch_size = (batch_size or DEFAULT_BATCH) * model.batches_per_step
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


@contextlib.contextmanager
def expecting_the_end(steps_per_epoch):
    """Silences Keras's warning of an interruption where an epoch ends with its data.

    Args:
        steps_per_epoch: What `training_data` returned.
    """
    with warnings.catch_warnings():
        if steps_per_epoch is None:
            warnings.filterwarnings("ignore", "Your input ran out of data")
        yield


def unpack(model, element):
    """Returns the samples of an element of the data, and a dict of their conditions.

    What comes second, or bears a name, is the label if it is an integer a sample, and
    the condition if it is anything else: attributes or an image. Those that the model
    does not take are left out.
    """
    real, y = _parts(model, element)
    named = y if isinstance(y, dict) else {} if y is None else {_role(model, y): y}
    conditions = {}
    for name, values in {"samples": real, **named}.items():
        parts = [part for part in leaves(values) if part is not None]
        if any(tf.as_dtype(part.dtype) == tf.string for part in parts):
            raise invalid(
                "Samples and labels must be numbers.",
                {name: "text"},
                "Number the classes, by keras.layers.StringLookup(num_oov_indices=0), "
                "and read files in the data set's map; kgan.data.load does both.",
            )
    if model.data_classes is not None and named.get("label") is not None:
        label = named["label"]
        conditions["label"] = label[:, 0] if label.shape[1:] == (1,) else label
    if model.condition_shape is not None and named.get("condition") is not None:
        condition = named["condition"]
        is_image = condition.dtype == tf.uint8 and len(model.condition_shape) > 1
        conditions["condition"] = (
            condition if is_image else tf.cast(condition, tf.float32)
        )
    return map_leaves(_as_float32, real), conditions


def _as_float32(x):
    """Returns samples of other floats in float32; of integers, as they are."""
    x = tf.convert_to_tensor(x)
    return tf.cast(x, tf.float32) if x.dtype.is_floating else x


def _parts(model, element):
    """Returns samples, and what else an element holds: a tensor, a dict or None."""
    if isinstance(element, dict):
        names = {"label", "condition"} & element.keys()
        rest = {k: v for k, v in element.items() if k not in names}
        if not is_shape(model.sample_shape) and rest.keys() == set(model.sample_shape):
            return rest, {name: element[name] for name in names}
        if is_shape(model.sample_shape) and len(rest) > 1:
            # Such as TensorFlow Datasets' `id` beside `image`.
            rest = {k: v for k, v in rest.items() if _has_shape(model, v)} or rest
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


def _has_shape(model, x):
    """Returns whether a part of an element may be samples, by its shape."""
    shape = tf.TensorShape(x.shape if hasattr(x, "shape") else np.shape(x))
    expected = model.sample_shape
    return shape.rank in (len(expected), len(expected) + 1) and tf.TensorShape(
        expected
    ).is_compatible_with(shape[-len(expected) :])


def _role(model, y):
    """Returns what the second part of the data is, by its dtype and shape.

    Where the model takes classes and no condition, it is labels whatever its dtype,
    such as the floats of `keras.utils.image_dataset_from_directory`.
    """
    if model.data_classes is not None and model.condition_shape is None:
        return "label"
    integer = tf.as_dtype(y.dtype).is_integer
    one = len(y.shape) < 2 or y.shape[1:] == (1,)
    return "label" if integer and one else "condition"


def _whole(y):
    """Returns labels of an array as integers, where they are whole numbers in floats.

    They are labels by their shape, `[N]`; what else is given stays as it is.
    """
    if y is None or isinstance(y, dict):
        return y
    y = np.asarray(y)
    if y.ndim == 1 and y.dtype.kind == "f" and (y == np.rint(y)).all():
        return y.astype(np.int64)
    return y


def _from_dataset(model, dataset, batch_size, steps_per_epoch, value_range):
    """Returns whole steps of a data set, in the form that a step takes, and how many.

    A data set of single samples is batched. Batches of no static size become those of
    the largest of the first ones, so that a small first one does not rule.
    """
    trusted, steps = is_checked(dataset), model.batches_per_step
    shape = _leading(model, dataset.element_spec)
    single = shape is not None and _is_single(model, shape)
    size = None if shape is None or single else shape[0]
    per_step = steps * (batch_size or DEFAULT_BATCH) if single else steps
    count = int(dataset.cardinality())
    if count == tf.data.INFINITE_CARDINALITY and steps_per_epoch is None:
        raise invalid(
            "An endless data set needs the length of an epoch.",
            {"x": "repeated without end", "steps_per_epoch": None},
            "Pass `steps_per_epoch`, or leave out `repeat()`: each epoch is one pass.",
        )
    if 0 < count < per_step:
        raise _too_small(model, count, "samples" if single else "batches")
    if steps_per_epoch or (count > 0 and (single or size)):
        # One iterator for all epochs: Keras would make two an epoch, which shuffles
        # twice, and count the slices of a strategy's worker as its batches.
        if count > 0 and size:
            dataset = dataset.take(count // steps * steps)
        steps_per_epoch = steps_per_epoch or count // per_step
        dataset = dataset.repeat()
    few = 1 if size else (batch_size or DEFAULT_BATCH) if single else _FEW
    seen, dataset = peek(data.without_autotune(dataset), few)
    if not seen:
        raise invalid(
            "The data set must hold at least one batch.",
            {"x": dataset},
            "Check its source, and that `drop_remainder` does not drop all of it.",
        )
    if _is_single(model, _leading(model, seen[0])):
        size = batch_size or DEFAULT_BATCH
        dataset = dataset.batch(size, drop_remainder=True)
        seen = [_stack(seen)]
    elif batch_size is not None:
        raise invalid(
            "A data set brings its own labels and batches, so no `batch_size`.",
            {"batch_size": batch_size},
            "Leave it out.",
        )
    whole = size is not None
    size = size or max(_leading(model, element)[0] for element in seen)
    _check_parts(model, size)
    if trusted:
        _check(model, *model.unpack(seen[0]))
    else:
        form = Form(model, value_range, seen[0])
        try:
            first, *_ = [form(number, element) for number, element in enumerate(seen)]
        except tf.errors.InvalidArgumentError as error:
            raise (explain(model, error) or error) from error
        _check(model, *first)
        dataset = form.apply(dataset, size if whole else None)
    held = sum(_leading(model, element)[0] for element in seen)
    if len(seen) < few and held < size * steps:
        raise _too_small(model, held, "samples")
    if steps > 1 or not whole:  # whole steps of whole batches
        dataset = dataset.rebatch(size * steps, drop_remainder=True)
    return data.without_autotune(dataset), steps_per_epoch


def _too_small(model, count, what):
    return invalid(
        "The data must hold at least one step: `discriminator_steps` batches.",
        {what: count, "discriminator_steps": model.batches_per_step},
        "Use smaller batches, or repeat the data set.",
    )


def _leading(model, element):
    """Returns the shape of the samples of an element, None if its rank is unknown.

    Args:
        model: The model.
        element: What a data set gives, or its specification.
    """

    @tf.autograph.experimental.do_not_convert
    def real(element):
        return leaves(model.unpack(element)[0])[0]

    if isinstance(leaves(element)[0], tf.Tensor):
        return tuple(real(element).shape)
    shape = tf.function(real).get_concrete_function(element).structured_outputs.shape
    return None if shape.rank is None else tuple(shape)


def _is_single(model, shape):
    """Returns whether the samples of an element are one sample, without a batch."""
    expected = tf.TensorShape(shape_leaves(model.sample_shape)[0])
    return shape is not None and expected.is_compatible_with(shape)


def _stack(elements):
    """Returns the batch of single samples."""
    try:
        return tf.nest.map_structure(lambda *parts: tf.stack(parts), *elements)
    except tf.errors.InvalidArgumentError as error:
        raise invalid(
            "The samples of a data set must be of one shape.",
            {"samples": len(elements)},
            "Resize them in the data set, by its `map`.",
        ) from error


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
