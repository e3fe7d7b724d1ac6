"""Checks of what the user hands to any model, before anything is trained."""

import collections

import keras
import numpy as np
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.nests import is_shape
from kgan._core.signature import class_counts, remade, takes_integers


def check_ema_decay(ema_decay):
    if not 0 <= ema_decay < 1:
        raise invalid(
            "`ema_decay` must be at least 0 and below 1.",
            {"ema_decay": ema_decay},
            "Use 0.999, or 0 for no moving average.",
        )


def check_strategy(model, jit_compile, steps_per_execution):
    """Checks that a model is compiled where it was created, for what works there."""
    here = tf.distribute.get_strategy() if tf.distribute.has_strategy() else None
    if here is not model._distribute_strategy:
        raise invalid(
            "A model must be created and compiled in the scope of the same strategy.",
            {"created in": model._distribute_strategy, "compiled in": here},
            "Build the networks, create the model and compile it in one "
            "`with strategy.scope():`.",
        )
    if here is None or here.num_replicas_in_sync == 1:
        return
    if jit_compile is True:
        raise invalid(
            "Replicas cannot be compiled by XLA: their communication is no part of it.",
            {"jit_compile": jit_compile},
            'Use jit_compile="auto", which is off under a strategy.',
        )
    if steps_per_execution > 1:
        raise invalid(
            "On several replicas `steps_per_execution` must be 1: TensorFlow does not "
            "let replicas communicate in a loop of the graph.",
            {"steps_per_execution": steps_per_execution},
            "Use steps_per_execution=1.",
        )


def check_accumulation(gradient_accumulation_steps, steps_per_execution):
    count = gradient_accumulation_steps
    if not (isinstance(count, int) and not isinstance(count, bool) and count >= 1):
        raise invalid(
            "`gradient_accumulation_steps` must be a positive integer.",
            {"gradient_accumulation_steps": count},
            "Use 1 for no micro-batches.",
        )
    if count > 1 and steps_per_execution > 1:
        raise invalid(
            "Steps of micro-batches are executed one by one.",
            {
                "gradient_accumulation_steps": count,
                "steps_per_execution": steps_per_execution,
            },
            "Use steps_per_execution=1.",
        )


def check_loadable(config):
    """Checks that a saved model can be loaded: a finished run must not be lost."""
    for name, value in config.items():
        try:
            keras.saving.deserialize_keras_object(value)
        except (TypeError, ValueError) as error:
            raise invalid(
                f"`{name}` must be something that a saved model can be loaded with: "
                "not a lambda, and registered with Keras.",
                {name: value},
                "Decorate the function or class with "
                '`@keras.saving.register_keras_serializable(package="mine")`.',
            ) from error


def check_networks(networks):
    """Checks that networks can be made again from a file, each with layers of its own.

    Args:
        networks: Dict from roles to networks.
    """
    owners = {}
    for role, network in networks.items():
        for layer in network._flatten_layers():
            if layer.variables and owners.setdefault(id(layer), role) != role:
                raise invalid(
                    "Networks must have layers of their own: a file, and a player, "
                    "holds each layer once.",
                    {"layer": layer.name, "in": [owners[id(layer)], role]},
                    "Build a layer for each. To start from equal weights, use "
                    "`set_weights`.",
                )
        remade(network, role)


def check_classes(model):
    """Checks that no network of a model of classes knows fewer of them."""
    for role, network in model.networks.items():
        known = class_counts(network)
        few = len(known) == 1 and known[0] < model.num_classes
        if few and takes_integers(network):
            raise invalid(
                "All networks must know all classes.",
                {"num_classes": model.num_classes, f"those of `{role}`": known[0]},
                "Build them with the same number, such as Embedding(num_classes, …).",
            )


def metric(given):
    """Returns the Keras metric of the discriminator's logits that `compile` was given.

    Raises:
        ValueError: If it counts how often logits equal 1 and 0: never.
    """
    found = keras.metrics.get(given)
    if given in ("accuracy", "acc") or type(found) is keras.metrics.Accuracy:
        raise invalid(
            "Metrics see targets 1 and 0 and the discriminator's logits.",
            {"metrics": given},
            "Use keras.metrics.BinaryAccuracy(threshold=0.0).",
        )
    return found


def check_distinct(argument, names):
    twice = [name for name, count in collections.Counter(names).items() if count > 1]
    if twice:
        raise invalid(
            f"The names of `{argument}` in the logs must differ.",
            {argument: twice},
            "Use each class once.",
        )


def check_penalties(penalties, players):
    """Checks that the players whose losses get penalties are there."""
    for penalty in penalties:
        if penalty.player not in players:
            raise invalid(
                "A penalty is added to the loss of a player that the model has: "
                f"{', '.join(players)}.",
                {"penalty": penalty.name, "player": penalty.player},
                "Leave it out, or name another player.",
            )


def check_no_validation(validation_data):
    if validation_data is not None:
        raise invalid(
            "Models are not validated by a loss, so `fit` takes no `validation_data`.",
            {"validation_data": type(validation_data).__name__},
            "Judge the samples during training by `kgan.callbacks.Evaluate`.",
        )


def check_batch(model, real, conditions):
    """Checks a batch of samples, and its conditions, against the networks."""
    expected, given = model.sample_shape, real
    if not is_shape(expected) and (
        not isinstance(real, dict) or real.keys() != expected.keys()
    ):
        raise invalid(
            "Samples must have the parts of those that the model makes.",
            {"parts": sorted(real) if isinstance(real, dict) else type(real).__name__},
            f"Give a dict of {', '.join(sorted(expected))}.",
        )
    if is_shape(expected):
        expected, given = {"x": expected}, {"x": real}
    for name, shape in expected.items():
        _check_samples(name, np.asarray(given[name]), shape)
    _check_labels(model, conditions.get("label"))
    shape = model.condition_shape
    condition = conditions.get("condition")
    if shape is not None and (condition is None or condition.shape[1:] != shape):
        raise invalid(
            f"A model with a condition needs floats [N, {', '.join(map(str, shape))}] "
            "beside the samples.",
            {"condition": None if condition is None else tuple(condition.shape)},
            "Pass (x, condition), or a data set with the name `condition`.",
        )


def _check_samples(name, x, expected):
    if x.shape[1:] != expected:
        raise invalid(
            f"Samples must have the shape of the generator's, {expected}.",
            {f"{name}.shape": x.shape},
            "Resize the data, or build the networks for its shape.",
        )
    if x.ndim > 2 and x.dtype != np.uint8 and not (-1 <= x.min() <= x.max() <= 1):
        raise invalid(
            "Samples must be scaled to [-1, 1].",
            {f"{name}.min()": float(x.min()), f"{name}.max()": float(x.max())},
            "Load the data by `kgan.data.load`, or use x / 127.5 - 1.",
        )


def _check_labels(model, y):
    classes = model.data_classes
    if classes is None:
        return
    if y is None:
        raise invalid(
            "A model of classes needs labels.",
            {"y": None},
            "Pass (x, y) with integers y, or build the networks without `num_classes`.",
        )
    y = np.asarray(y)
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise invalid(
            "Labels must be integers [N], one a sample.",
            {"y.shape": y.shape, "y.dtype": y.dtype.name},
            "Turn one-hot labels into integers by argmax, and floats by a cast.",
        )
    lowest = 0 if model.conditional else -1
    if not lowest <= y.min() <= y.max() < classes:
        raise invalid(
            f"Labels must be integers [N] from {lowest} to {classes - 1}.",
            {"y.shape": y.shape, "y.min()": y.min(), "y.max()": y.max()},
            "Build the networks with the data's `num_classes`.",
        )


def num_classes(generator):
    """Returns the number of classes of the label that a generator takes.

    Raises:
        ValueError: If no layer that reads integers tells it, or several differ.
    """
    sizes = class_counts(generator)
    if len(sizes) != 1:
        raise invalid(
            "The layers of a conditional generator must tell the number of classes, as "
            "`keras.layers.Embedding` and `CategoryEncoding` do.",
            {"numbers of classes found": sizes},
            "Say it: num_classes=…, as an argument of the model.",
        )
    return sizes[0]
