"""What a Keras network takes and gives, by role, whatever its form."""

import contextlib
import dataclasses
import re
import typing
import weakref

import keras

from kgan._core.errors import invalid

# Names that Keras makes up for inputs without one.
_MADE_UP = re.compile(r"(input|input_layer|keras_tensor|keras_tensor_CLONE)(_\d+)?")
# What tells a layer's, or an operation's, number of classes: of an embedding, of an
# encoding, of kgan's conditional batch normalisation.
_CLASSES = ("input_dim", "num_tokens", "num_classes")

# Activations that are layers, or operations, of their own.
_ACTIVATIONS = ("sigmoid", "softmax", "tanh", "relu", "relu6", "softplus")
# Layers and operations that only move values.
_MOVES = ("activation", "reshape", "flatten", "permute", "transpose", "identity")
_MOVES += ("dropout", "cropping2d", "squeeze", "cast")

# What subclassed models take and give: finding it out is a symbolic call, 50 ms, and
# `generate` asks for each batch.
_SPECS = weakref.WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Signature:
    """The inputs of a network by role, and the shapes of its outputs.

    A role is the name of an input: `z`, `label`, `condition`, or that of a part of what
    is judged. An input of integers is the label whatever its name; the first inputs of
    floats that bear no known name stand for what the network must take.

    Attributes:
        roles: Dict from roles to shapes without the batch, in the network's order.
        dtypes: Dict from roles to dtypes.
        outputs: Shape of the output without the batch, or a dict or list of shapes.
        structure: The inputs as the network nests them, each the name of its role.
    """

    roles: dict
    dtypes: dict
    outputs: typing.Any
    structure: typing.Any

    def arrange(self, **values):
        """Returns values, given by role, as the network takes them.

        Values of roles that the network does not take are left out. Labels `[N]` become
        `[N, 1]` for a network that takes those.
        """

        def value(role):
            x = values[role]
            if role == "label" and self.roles[role] == (1,):
                return keras.ops.reshape(x, (-1, 1))
            return x

        return keras.tree.map_structure(value, self.structure)


def signature_of(network, argument, required, optional=("label", "condition")):
    """Returns the `Signature` of a network.

    Args:
        network: A built `keras.Model`: functional, Sequential or subclassed.
        argument: Name of the user's argument, for errors.
        required: Roles that the network must take, floats, in order.
        optional: Roles that it may take.

    Raises:
        ValueError: If the network is not built, or its inputs are not of these roles.
    """
    check_built(network, argument)
    structure, outputs = _specs(network, argument)
    inputs = keras.tree.flatten(structure)
    roles = _roles(inputs, required, optional)
    missing = [role for role in required if role not in roles]
    if missing or len(set(roles)) < len(roles):
        raise invalid(
            f"`{argument}` must take the inputs {', '.join(required)} and may take "
            f"{', '.join(optional)}, each once.",
            {"inputs": [f"{x.name} {x.dtype} {tuple(x.shape)}" for x in inputs]},
            "Name the inputs: `keras.Input([…], name=…)`. Without names of one's own, "
            "integers are labels and floats the others, in this order.",
        )
    label = dict(zip(roles, inputs, strict=True)).get("label")
    if label is not None and tuple(label.shape[1:]) not in ((), (1,)):
        raise invalid(
            f"`{argument}` must take labels as integers, [N] or [N, 1].",
            {"label": tuple(label.shape)},
            "Make rows of them inside the network, by `keras.layers.CategoryEncoding`; "
            "attributes are named 'condition'.",
        )
    return Signature(
        {role: tuple(x.shape[1:]) for role, x in zip(roles, inputs, strict=True)},
        {
            role: keras.backend.standardize_dtype(x.dtype)
            for role, x in zip(roles, inputs, strict=True)
        },
        keras.tree.map_structure(lambda x: tuple(x.shape[1:]), outputs),
        keras.tree.pack_sequence_as(structure, roles),
    )


def check_codes(signature, argument):
    """Raises a `ValueError` unless a network's codes are vectors."""
    if len(signature.roles["z"]) != 1:
        raise invalid(
            f"`{argument}` must take codes `z` of the shape [N, latent_dim].",
            {"inputs": signature.roles},
            "Give it an input keras.Input([latent_dim], name='z'), and what it makes "
            "samples of, such as an image, the name 'condition'. Codes of another "
            "shape are made of vectors: keras.Sequential([keras.Input([64]), "
            "keras.layers.Reshape([1, 1, 64]), generator]).",
        )


def check_built(network, argument):
    """Raises a `ValueError` unless a network is a built `keras.Model`."""
    if not isinstance(network, keras.Model) or not network.built:
        raise invalid(
            f"`{argument}` must be a built `keras.Model`.",
            {argument: network},
            "Build it by `keras.Model(inputs, outputs)`, start a Sequential model with "
            "a `keras.Input`, call a subclassed one once, or use `kgan.networks`.",
        )


def is_made_up(name):
    """Returns whether the name of an input is one that Keras made up."""
    return _MADE_UP.fullmatch(name) is not None


def takes_integers(network):
    """Returns whether an input of a network, of any form, is of integers: a label."""
    inputs = keras.tree.flatten(_inputs(network))
    return any(x is not None and keras.backend.is_int_dtype(x.dtype) for x in inputs)


def class_counts(network):
    """Returns the numbers of classes, a sorted list, that layers of a network know."""
    networks = [x for x in network._flatten_layers() if isinstance(x, keras.Model)]
    operations = [x for n in networks for x in getattr(n, "operations", ())]
    found = {
        getattr(operation, name, None)
        for operation in (*network._flatten_layers(), *operations)
        for name in _CLASSES
    }
    return sorted(size for size in found if isinstance(size, int))


def _roles(inputs, required, optional):
    """Returns a role for each input: a known name, or by dtype and position."""
    known = {*required, *optional}
    taken = [x.name if x.name in known else None for x in inputs]
    waiting = [role for role in required if role not in taken]
    if "condition" in optional and "condition" not in taken:
        waiting.append("condition")
    for index, x in enumerate(inputs):
        if taken[index] is not None:
            continue
        if keras.backend.is_int_dtype(x.dtype):
            taken[index] = "label"
        elif waiting and (waiting[0] in required or is_made_up(x.name)):
            taken[index] = waiting.pop(0)
        else:
            taken[index] = x.name
    return taken


def _specs(network, argument):
    """Returns the nests of a network's inputs and outputs, as Keras tensors."""
    inputs = _inputs(network)
    if inputs is None:
        raise invalid(
            f"`{argument}` must have been called on data, or built for a shape.",
            {argument: network},
            "Call the subclassed model once on a batch, before it is handed over.",
        )
    if isinstance(network, keras.Sequential):
        return inputs, network.outputs[0]
    if getattr(network, "inputs", None):  # functional
        return inputs, network._outputs_struct
    if network not in _SPECS:
        _SPECS[network] = inputs, network.compute_output_spec(inputs)
    return _SPECS[network]


def _inputs(network):
    """Returns the nest of a network's inputs, or None where Keras kept no shapes."""
    if isinstance(network, keras.Sequential):
        return network.inputs[0]
    if getattr(network, "inputs", None):  # functional
        return network._inputs_struct
    config = network.get_build_config() or {}
    shapes = config.get("input_shape", config.get("shapes_dict"))
    return None if shapes is None else _tensors(shapes)


def _tensors(shapes, name="input"):
    """Returns Keras tensors of the shapes that a subclassed model was built for.

    Of such a model Keras keeps no dtypes: what has no axis but the batch is a label.
    """
    if isinstance(shapes, dict):
        return {k: _tensors(v, k.removesuffix("_shape")) for k, v in shapes.items()}
    if all(size is None or isinstance(size, int) for size in shapes):
        dtype = "int64" if len(shapes) == 1 else "float32"
        return keras.KerasTensor((None, *shapes[1:]), dtype=dtype, name=name)
    return [_tensors(shape) for shape in shapes]


def copy_of(network, argument="network"):
    """Returns a copy of a network with its weights.

    Args:
        network: A built `keras.Model`.
        argument: Name of the user's argument, for errors.
    """
    if isinstance(network, keras.Sequential) or getattr(network, "inputs", None):
        with _explained(network, argument):
            copy = keras.models.clone_model(network)
    else:
        copy = remade(network, argument)
    copy.set_weights(network.get_weights())
    return copy


def remade(network, argument):
    """Returns a network made of another's configuration, as from a file.

    Raises:
        ValueError: If Keras cannot make it again, by what its file would hold.
    """
    with _explained(network, argument):
        config = keras.saving.serialize_keras_object(network)
        return keras.saving.deserialize_keras_object(config)


@contextlib.contextmanager
def _explained(network, argument):
    try:
        yield
    except (TypeError, ValueError, NotImplementedError) as error:
        cause = str(error).rpartition("Exception encountered: ")[2]
        if "Lambda" in cause:
            fix = (
                "A Lambda is Python code, which a file cannot hold safely: use "
                "`keras.ops` on the tensors, a layer such as `Rescaling`, or a "
                "registered layer of your own."
            )
        else:
            fix = (
                "Decorate the class of each own layer with "
                '`@keras.saving.register_keras_serializable(package="mine")`, and give '
                f"it `get_config`. Keras says: {cause[:200]}"
            )
        raise invalid(
            f"Keras must be able to make the `{argument}` again from a file, or what "
            "was trained would be lost.",
            {argument: network.name},
            fix,
        ) from error


def last_activation(network):
    """Returns the name of the activation that a network ends in, or None.

    Layers that only move values are looked through. What a subclassed network ends in
    is not known.
    """
    tensor = _first_output(network)
    while True:
        history = getattr(tensor, "_keras_history", None)
        if history is None:
            return None
        operation = history.operation
        if isinstance(operation, keras.Model):
            return last_activation(operation)
        function = getattr(operation, "activation", None)
        name = getattr(function, "__name__", type(function).__name__.lower())
        if function is not None and name != "linear":
            return name
        name = type(operation).__name__.lower()
        if name in _ACTIVATIONS:
            return name
        if name not in _MOVES:
            return None
        tensor = operation._inbound_nodes[history.node_index].input_tensors[0]


def _first_output(network):
    outputs = getattr(network, "outputs", None) or [None]
    struct = getattr(network, "_outputs_struct", None)
    if isinstance(struct, dict):
        return struct.get("logits", outputs[0])
    return outputs[0]
