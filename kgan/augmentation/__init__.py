"""Differentiable changes of what the discriminator sees: one class a file."""

import inspect
import sys

import keras

from kgan._core.errors import invalid
from kgan._core.registry import classes
from kgan.augmentation.ada import ADA as ADA
from kgan.augmentation.apa import APA as APA
from kgan.augmentation.base import Augmentation as Augmentation
from kgan.augmentation.diff_augment import DiffAugment as DiffAugment
from kgan.augmentation.instance_noise import InstanceNoise as InstanceNoise
from kgan.augmentation.layer_augmentation import LayerAugmentation as LayerAugmentation
from kgan.augmentation.shift_flip import ShiftFlip as ShiftFlip


def get(identifier, **options):
    """Returns what `compile(augmentation=…)` takes, ready to be called.

    Args:
        identifier: None; a name such as `"diffaugment"`, `"ada"` or `"apa"`; an
            `Augmentation` or another callable `(samples, random, step) -> samples`; or
            a Keras layer or model, from samples to samples.
        **options: With a name, arguments of the class.

    Returns:
        None, or a callable `(samples, random, step) -> samples`.

    Raises:
        ValueError: If the name is unknown.
    """
    if isinstance(identifier, keras.layers.Layer):
        # A layer may be an augmentation by itself.
        named = inspect.signature(identifier.call).parameters
        return identifier if "random" in named else LayerAugmentation(identifier)
    if identifier is None or callable(identifier):
        return identifier
    found = classes(sys.modules[__name__], Augmentation).values()
    known = {cls.__name__.lower(): cls for cls in found}
    name = identifier.replace("_", "") if isinstance(identifier, str) else None
    if name not in known:
        raise invalid(
            "`augmentation` must be one of the names diffaugment, ada and apa, an "
            "`Augmentation` or a Keras layer.",
            {"augmentation": identifier},
            "Use a known name, or 'none' on the command line.",
        )
    return known[name](**options)
