"""What a penalty sees of a step."""

import collections.abc
import dataclasses
import typing

from kgan._core.random import Stream


@dataclasses.dataclass(frozen=True)
class Batch:
    """One replica's part of the batch of an update, and the players as functions of it.

    Attributes:
        discriminator: A callable from samples to logits `[N, 1]` or to a dict.
        real: Samples `[N, …]`.
        fake: Samples `[N, …]`.
        random: A `Stream` for this update.
        generator: A callable from codes to samples, with the labels of the batch.
        z: Codes `[N, latent_dim]` of `fake`.
        label: Labels `[N]`, or None.
        game: The `kgan.GAN` that is trained, or None outside of one.
    """

    discriminator: collections.abc.Callable
    real: typing.Any
    fake: typing.Any
    random: Stream = dataclasses.field(default_factory=lambda: Stream(0))
    generator: collections.abc.Callable | None = None
    z: typing.Any = None
    label: typing.Any = None
    game: typing.Any = None
