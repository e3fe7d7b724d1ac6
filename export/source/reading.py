"""Finds what is to be exported in whatever the user has."""

import dataclasses
import importlib
import json
from pathlib import Path

import keras

from kgan._core.errors import invalid
from kgan._core.signature import class_counts
from kgan_export.source.roles import roles_of
from kgan_export.source.source import Source

# Keys of a run folder's `config.json` that go into the metadata.
RUN_KEYS = ("dataset", "preset", "licence", "settings")


def read_source(source, num_classes=None, class_names=None, distributions=None):
    """Finds the networks in whatever the user has.

    Args:
        source: A model of kgan, a Keras generator, the path of a `.keras` file of
            either, or a run folder.
        num_classes: Number of classes, for a plain generator that does not tell.
        class_names: Names of the classes; a run folder's own by default.
        distributions: Dict from names of further inputs to their distributions.

    Returns:
        A `Source`.

    Raises:
        ValueError: If there is no usable generator.
    """
    known = {
        "num_classes": num_classes,
        "class_names": class_names,
        "distributions": dict(distributions or {}),
    }
    config = {}
    if isinstance(source, keras.Model):
        return _from_model(source, known)
    path = Path(source)
    if path.is_dir():
        config = _run_config(path)
        known |= {name: config.get(name) for name in RUN_KEYS}
        known["scores"] = _scores(path)
        path = path / "model.keras"
    if not path.is_file():
        raise invalid(
            "The source must be a `.keras` file or a run folder that holds "
            "`model.keras`.",
            {"source": str(source)},
            f"There is no file {path}.",
        )
    found = _from_model(_load(path), known)
    if found.class_names is None and found.num_classes is not None:
        # An unconditional run's data may have had names too; they are not for its file.
        found = dataclasses.replace(found, class_names=config.get("class_names"))
    return found


def _load(path):
    # By name, because the exporter must not depend on the training code.
    kgan = importlib.import_module("kgan")
    try:
        return kgan.load_model(path)
    except Exception as error:  # Keras raises whatever the file provokes
        raise invalid(
            "The source must be a model that Keras can load.",
            {"source": str(path)},
            f"Keras says: {error}",
        ) from error


def _scores(folder):
    try:
        return json.loads((folder / "scores.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None  # a run that was not evaluated


def _run_config(folder):
    try:
        return dict(json.loads((folder / "config.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise invalid(
            "A run folder must hold a readable `config.json`.",
            {"source": str(folder)},
            f"Pass the `.keras` file itself instead ({error}).",
        ) from error


def _from_model(model, known):
    networks = getattr(model, "inference_networks", None)
    if networks is None:  # a network, and no model of kgan
        return _from_generator(model, known)
    shape = getattr(model, "condition_shape", None)
    makes_samples = getattr(model, "generating_role", "generator")
    if makes_samples not in networks:
        raise invalid(
            "The source must be a model that makes samples of codes.",
            {"source": model.name, "networks": list(networks)},
            "Sample from it in Keras.",
        )
    if hasattr(model, "follow_weights"):  # of kgan, and not of another library
        model.follow_weights()
    generator, roles = _functional(networks[makes_samples], shape)
    others = {
        role: _in_order(network, shape)
        for role, network in networks.items()
        if role != makes_samples
    }
    classes = None if roles.label is None else model.num_classes
    return Source(
        {"generator": generator, **others},
        prior=model.prior.name,
        step=int(keras.ops.convert_to_numpy(model.step)),
        output_names=_output_names(networks[makes_samples], model.output_names),
        condition_shape=_shape_of(roles.condition),
        **(known | {"num_classes": classes}),
    )


def _from_generator(network, known):
    generator, roles = _functional(network)
    if roles.label is None:
        known["num_classes"] = None
    elif known["num_classes"] is None:
        known["num_classes"] = _count_classes(generator)
    return Source(
        {"generator": generator},
        output_names=_output_names(network),
        condition_shape=_shape_of(roles.condition),
        **known,
    )


def _functional(network, condition_shape=None):
    """A generator as a functional model on a list of inputs, and their `Roles`."""
    try:
        inputs = list(network.inputs)
        outputs = list(network.outputs)
    except (AttributeError, TypeError, ValueError) as error:
        raise invalid(
            "A generator must be a built functional or sequential model.",
            {"generator": network},
            "Rewrite it as a function that returns `keras.Model(z, x)`.",
        ) from error
    roles = roles_of(inputs, condition_shape)
    if roles is None or len(roles.first.shape) != 2 or not outputs:
        raise invalid(
            "A generator must map `z` [N, latent_dim], and beside it `label`, "
            "`condition` or further float inputs, to samples.",
            {"inputs": inputs, "outputs": outputs},
            "Export a `kgan.GAN` or the generator that it was made from.",
        )
    floats = [x for x in roles.in_order if x is not roles.label]
    if any(None in x.shape[1:] for x in (*floats, *outputs)):
        raise invalid(
            "A generator must have fixed sizes but for the batch.",
            {"inputs": inputs, "outputs": outputs},
            "Build it with a fixed `latent_dim` and sample shape.",
        )
    return keras.Model(roles.in_order, outputs, name=network.name), roles


def _in_order(network, condition_shape):
    """Another network with its inputs in the order of an export, if it is functional.

    What cannot be exported of it is told where that is asked for.
    """
    try:
        roles = roles_of(list(network.inputs), condition_shape)
        return keras.Model(roles.in_order, list(network.outputs), name=network.name)
    except (AttributeError, TypeError, ValueError):
        return network


def _shape_of(condition):
    return None if condition is None else tuple(condition.shape[1:])


def _output_names(network, names=None):
    """Names of several outputs, or `None` for one.

    They are the keys of a dict of outputs; or else those that the model of kgan tells;
    or else those of the layers that give the outputs.
    """
    if len(network.outputs) == 1:
        return None
    structure = network._outputs_struct
    if isinstance(structure, dict):
        return keras.tree.flatten({key: key for key in structure})
    return list(names or network.output_names)


def _count_classes(generator):
    """The number of classes, if all embeddings of the generator agree on it."""
    sizes = class_counts(generator)
    if len(sizes) != 1:
        raise invalid(
            "A conditional generator's number of classes must be known.",
            {"num_classes": None},
            "Pass `num_classes`, the number of labels that it was trained with.",
        )
    return sizes[0]
