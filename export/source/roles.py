"""What each input of a network is for: code, label, condition or further input."""

import dataclasses

import keras

from kgan._core.errors import invalid
from kgan._core.signature import is_made_up


@dataclasses.dataclass(frozen=True)
class Roles:
    """The inputs of a network by what they are for.

    Args:
        first: What stands before the conditions: a generator's code `z`, or an
            encoder's samples.
        label: The integer class, or `None`.
        condition: The vector of attributes, or `None`.
        extras: List of the further inputs.
    """

    first: keras.KerasTensor
    label: keras.KerasTensor | None
    condition: keras.KerasTensor | None
    extras: list

    @property
    def conditions(self):
        """List of the names of the conditions, in the order of an export."""
        told = (("label", self.label), ("condition", self.condition))
        return [name for name, x in told if x is not None]

    @property
    def in_order(self):
        """List of the inputs in the order in which an export has them."""
        conditions = [x for x in (self.label, self.condition) if x is not None]
        return [self.first, *conditions, *self.extras]


def roles_of(inputs, condition_shape=None):
    """Tells what the inputs of a network are for.

    Their names tell it: `z`, `label`, `condition`; any other is a further input. Where
    they have Keras's default names, or names of the user's, an integer input is the
    label, and of the float ones the first is the code.

    Args:
        inputs: List of `keras.KerasTensor`s.
        condition_shape: Shape of a condition, if the model has one: that of an input
            which Keras gave its name.

    Returns:
        A `Roles`, or `None` if there are several labels or nothing that is a code.

    Raises:
        ValueError: If a condition is no vector.
    """
    named = {x.name: x for x in inputs}
    labels = [x for x in inputs if keras.backend.is_int_dtype(x.dtype)]
    if "label" in named and not _is_one_of(named["label"], labels):
        labels.append(named["label"])
    # Keras sorts a dict's inputs by name: `label` would stand before `z`.
    floats = [x for x in inputs if not _is_one_of(x, labels)]
    floats.sort(key=lambda x: (x.name != "z", x.name == "condition"))
    if len(labels) > 1 or not floats or floats[0].name == "condition":
        return None
    first, *others = floats
    condition = None
    for x in others:
        unnamed = is_made_up(x.name)
        shape = tuple(x.shape[1:])
        if x.name == "condition" or (
            unnamed and condition_shape is not None and shape == tuple(condition_shape)
        ):
            condition = x
            break
    if condition is not None and len(condition.shape) != 2:
        raise invalid(
            "A generator's `condition` must be a vector of floats, [N, D].",
            {"condition": condition.shape},
            "Give an input of another kind another name.",
        )
    extras = [x for x in others if x is not condition]
    return Roles(first, labels[0] if labels else None, condition, extras)


def _is_one_of(x, tensors):
    return any(x is tensor for tensor in tensors)
