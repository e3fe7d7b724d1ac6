"""A further input of a generator: what it is called and how it is drawn."""

import dataclasses

from kgan._core.errors import invalid, one_of
from kgan.latents import DISTRIBUTIONS

RESERVED = ("z", "label", "condition", "truncation")


@dataclasses.dataclass(frozen=True)
class ExtraInput:
    """Noise, style codes or whatever else a generator takes beside code and conditions.

    Args:
        name: Name of the input, by which its numbers are drawn from the seed.
        shape: Shape of one sample's input.
        distribution: A prior's name, or `"unit"` for uniform numbers in (0, 1).
    """

    name: str
    shape: tuple
    distribution: str = "normal"

    def __post_init__(self):
        if self.name in RESERVED or self.name.startswith("keras_tensor"):
            raise invalid(
                "A further input must have a name of its own.",
                {"name": self.name},
                'Name it where it is made: keras.Input(shape, name="noise").',
            )
        one_of(self.name, self.distribution, DISTRIBUTIONS)

    def describe(self):
        """Returns the input as a JSON-ready dict."""
        return dataclasses.asdict(self) | {"shape": list(self.shape)}
