"""What a penalty sees of a step."""

import collections.abc
import dataclasses
import typing

from kgan._core.nests import count
from kgan._core.random import Stream


@dataclasses.dataclass(frozen=True)
class Batch:
    """One replica's part of the batch of an update, and the players as functions of it.

    What is judged is one tensor `[N, …]`, or a nest of tensors: a pair is a pair.

    Attributes:
        discriminator: A callable from samples to logits `[N, 1]` or to a dict.
        real: Samples: a tensor `[N, …]`, or a tuple or dict of tensors.
        fake: Samples of the same structure.
        random: A `kgan.Stream` for this update.
        generator: A callable from codes to samples, with the conditions of the batch.
        z: Codes `[N, latent_dim]` of `fake`.
        label: Labels `[N]`, or None.
        condition: Attributes `[N, D]` or another float condition, or None.
        game: The model that is trained, or None outside of one.
    """

    discriminator: collections.abc.Callable
    real: typing.Any
    fake: typing.Any = None
    random: Stream = dataclasses.field(default_factory=lambda: Stream(0))
    generator: collections.abc.Callable | None = None
    z: typing.Any = None
    label: typing.Any = None
    condition: typing.Any = None
    game: typing.Any = None

    @property
    def conditions(self):
        """Dict of the label and the condition, as far as there are any."""
        known = {"label": self.label, "condition": self.condition}
        return {name: value for name, value in known.items() if value is not None}

    @property
    def size(self):
        """Number of samples, a tensor."""
        return count(self.real)
