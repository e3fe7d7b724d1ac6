"""Training goes on from a model that exists: on other data, in other shapes."""

import re

import keras

from kgan import presets
from kgan._core.errors import invalid
from kgan.presets.tables import merge

# Real images in which the probability of an adaptive augmentation rises from 0 to 1.
_ADAPTS_IN = 100_000
# Settings that follow from the data.
_OF_DATA = ("image_shape", "num_classes", "condition_dim", "seed")


def fine_tune(
    model, into=None, *, freeze_discriminator=0, freeze_generator=0, **changes
):
    """Returns a model that goes on from another's weights, with fresh optimizers.

    Weights of all networks and of their moving averages are taken where name and shape
    fit. What does not, as with another number of classes or channels or another
    resolution, starts anew and is listed. Layers that are frozen, those nearest to the
    input of their network, keep their weights; frozen batch normalisation also keeps
    its statistics, and normalises by them. The moving averages go on at their full
    decay, without the ramp of a training from scratch, and adaptive augmentation of a
    preset adapts five times as fast.

    Args:
        model: The trained model, such as a `kgan.GAN`; it stays as it is.
        into: A compiled model with networks of your own that gets the weights. By
            default one is built as `model` was: by its preset's settings or, where its
            networks are your own, with networks like these.
        freeze_discriminator: Number of layers with weights, from the image on, that
            stay as they are: Freeze-D.
        freeze_generator: Likewise of the generator, from the code on.
        **changes: Settings of the preset that differ, such as `num_classes`,
            `image_shape`, `seed` or `generator_optimizer={"learning_rate": 5e-5}`.

    Returns:
        The compiled model. Its `initialized_anew` is a list of the names and shapes of
        weights that were not taken; `step` is 0.

    Raises:
        ValueError: If no weight fits, a setting is unknown, or so many layers cannot be
            frozen.

    Example:

    >>> fine = kgan.fine_tune(gan, num_classes=5, freeze_discriminator=2)
    >>> fine.initialized_anew
    ['discriminator: projection/embeddings (5, 6272)']

    Reference:

    - [Mo et al., 2020](https://arxiv.org/abs/2002.10964)
    """
    frozen = {"discriminator": freeze_discriminator, "generator": freeze_generator}
    if into is None:
        into = _like(model, changes)
    elif changes:
        raise invalid(
            "What gets the weights has its settings already.",
            changes,
            "Leave out `into`, or these.",
        )
    take_weights(into, model)
    freeze(into, frozen)
    return into


def adapting_faster(settings):
    """Returns settings whose adaptive augmentation has the pace of fine-tuning.

    Its probability then rises from 0 to 1 within 100,000 real images, five times as
    fast as from scratch, unless the settings say otherwise.
    """
    table = settings.get("augmentation", {})
    if table.get("class_name") not in ("ada", "apa"):
        return settings
    return {**settings, "augmentation": {"images": _ADAPTS_IN, **table}}


def take_weights(model, source):
    """Gives a model the weights of another one that fit, and ends its EMA's ramp.

    Args:
        model: The compiled model. Its `initialized_anew` becomes the list of what did
            not fit.
        source: The trained model.

    Raises:
        ValueError: If nothing fits.
    """
    if hasattr(model, "growth"):
        raise invalid(
            "A model that grows cannot go on from another: it begins with the smallest "
            "images.",
            {"model": type(model).__name__},
            "Choose another preset, or train on with kgan train --resume.",
        )
    anew, taken = [], 0
    for role, network in model.networks.items():
        other = source.networks.get(role)
        pairs = {} if other is None else _pairs(network, other)
        for index, weight in enumerate(network.weights):
            if index not in pairs:
                anew.append(f"{role}: {weight.path} {tuple(weight.shape)}")
        _assign(network, other, pairs)
        taken += len(pairs)
        if role in model.inference_networks and model.ema_decay:
            averages = source.inference_networks.get(role)
            _assign(model.inference_networks[role], averages, pairs)
    if not taken:
        raise invalid(
            "Fine-tuning starts from weights whose names and shapes fit.",
            {"from": _networks(source), "to": _networks(model)},
            "Choose a preset, or networks, like those of the trained model.",
        )
    model.initialized_anew = anew
    model.ema_ramp = False
    for player in model.players.values():
        player.note_weights()


def freeze(model, layers):
    """Freezes the first layers of networks, and makes the optimizers fresh.

    Args:
        model: The compiled model.
        layers: Dict from roles of networks to numbers of layers with weights.

    Raises:
        ValueError: If a network has no more layers than are to be frozen.
    """
    for role, count in layers.items():
        if not count:
            continue
        network = model.networks.get(role)
        found = [] if network is None else _layers(network)
        if type(count) is not int or not 0 <= count < len(found):
            raise invalid(
                "Of the layers with weights at least one must go on training.",
                {f"freeze_{role}": count, "layers": [layer.name for layer in found]},
                f"Freeze at most {max(0, len(found) - 1)}.",
            )
        for layer in found[:count]:
            layer.trainable = False
    if any(layers.values()):
        # Optimizers know the weights that train when `compile` is called.
        model.compile_from_config(model.get_compile_config())


def _like(model, changes):
    """Returns an untrained model that is built as another was, but for changes."""
    if model.settings is not None:
        data = {k: v for k, v in changes.items() if k in _OF_DATA}
        if "image_shape" in data:
            data["image_shape"] = list(data["image_shape"])
        others = {k: v for k, v in changes.items() if k not in _OF_DATA}
        settings = merge({**model.settings, **data}, others)
        return presets.build(adapting_faster(settings))
    if changes:
        raise invalid(
            "Only models of presets can be built with other settings.",
            changes,
            "Build networks and model yourself, and pass the compiled model as `into`.",
        )
    if not model.compiled:
        raise invalid(
            "A model that goes on must have been compiled.",
            {"model": type(model).__name__},
            "Call `compile`, or pass a compiled model as `into`.",
        )
    copy = type(model).from_config(model.get_config())
    copy.compile_from_config(model.get_compile_config())
    return copy


def _pairs(network, source):
    """Returns a dict from indices of weights to those of another network that fit.

    Layers of one kind are counted from the first, or from the last where more weights
    fit then, as with another resolution, which adds layers at one end.
    """
    found = []
    for last in (False, True):
        names = {name: i for i, name in enumerate(_names(source, last))}
        pairs = {
            index: names[name]
            for index, name in enumerate(_names(network, last))
            if name in names
            and network.weights[index].shape == source.weights[names[name]].shape
        }
        found.append(pairs)
    return max(found, key=len)


def _names(network, from_last):
    """Returns names of weights that do not depend on what was built before.

    Keras numbers the layers of a program: `conv2d_7` is here the second of its kind.
    """
    kinds = [
        [re.sub(r"_\d+$", "", part) for part in weight.path.split("/")]
        for weight in network.weights
    ]
    orders = {}  # of the parts of a path, below the kinds of those above
    for parts, weight in zip(kinds, network.weights, strict=True):
        for depth, part in enumerate(weight.path.split("/")):
            order = orders.setdefault(tuple(parts[: depth + 1]), {})
            order.setdefault(part, len(order))
    names = []
    for parts, weight in zip(kinds, network.weights, strict=True):
        words = []
        for depth, part in enumerate(weight.path.split("/")):
            order = orders[tuple(parts[: depth + 1])]
            number = len(order) - 1 - order[part] if from_last else order[part]
            words.append(f"{parts[depth]}:{number}")
        names.append("/".join(words))
    return names


def _assign(network, source, pairs):
    for index, other in pairs.items():
        network.weights[index].assign(keras.ops.convert_to_numpy(source.weights[other]))


def _layers(network):
    return [layer for layer in network.layers if layer.trainable_variables]


def _networks(model):
    return {
        role: f"{network.name}, {len(network.weights)} weights"
        for role, network in model.networks.items()
    }
