"""When a progressive game grows."""

import bisect
import dataclasses
import math

import keras

from kgan._core.errors import invalid


@dataclasses.dataclass(frozen=True)
class Phase:
    """A part of the schedule, in which the players stay the same.

    Attributes:
        size: Resolution of the images.
        fading: Whether the blocks of this resolution are being faded in.
        batch_size: Samples of a discriminator update.
        start: Step of `fit` at which the phase starts.
        steps: Number of its steps.
    """

    size: int
    fading: bool
    batch_size: int
    start: int
    steps: int

    def alpha(self, step):
        """Returns the weight of the new blocks in a step: from 0 to 1."""
        return min((step - self.start) / self.steps, 1.0) if self.fading else 1.0

    def starts_stage(self, step):
        """Whether a step is the first one at this resolution."""
        return step == self.start and (self.fading or step == 0)


@keras.saving.register_keras_serializable(package="kgan")
class Growth:
    """The schedule of `kgan.ProgressiveGAN`, in images.

    Every resolution but the first is faded in, then steady.

    Args:
        fade_images: Real images that the discriminator sees while a resolution is faded
            in, 1 or more.
        steady_images: Real images that it sees afterwards, 1 or more.
        batch_size: Samples of a discriminator update.
        batch_sizes: Dict from resolutions to smaller batches, which must divide
            `batch_size`. Each holds for the larger resolutions too, up to the next.
        learning_rates: Dict from resolutions to learning rates of both optimizers, set
            when the resolution starts. By default the optimizers keep their own.

    Example:

    >>> growth = kgan.schedules.Growth(800, 800, batch_size=16, batch_sizes={8: 8})
    >>> [(phase.size, phase.fading, phase.steps) for phase in growth.phases([4, 8])]
    [(4, False, 50), (8, True, 100), (8, False, 100)]

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), appendix A
    """

    def __init__(
        self,
        fade_images=600_000,
        steady_images=600_000,
        batch_size=16,
        batch_sizes=None,
        learning_rates=None,
    ):
        self.fade_images = fade_images
        self.steady_images = steady_images
        self.batch_size = batch_size
        # JSON turns the resolutions into strings.
        self.batch_sizes = {int(k): v for k, v in (batch_sizes or {}).items()}
        self.learning_rates = {int(k): v for k, v in (learning_rates or {}).items()}
        if not all(count >= 1 for count in (fade_images, steady_images, batch_size)):
            raise invalid(
                "A schedule needs at least one image a phase and a batch.",
                {
                    "fade_images": fade_images,
                    "steady_images": steady_images,
                    "batch_size": batch_size,
                },
                "Use positive numbers.",
            )
        for size, count in self.batch_sizes.items():
            if count < 1 or batch_size % count:
                raise invalid(
                    "The batches of a resolution must divide `batch_size`.",
                    {"batch_size": batch_size, f"batch_sizes[{size}]": count},
                    "Use for instance halves and quarters of `batch_size`.",
                )

    def phases(self, sizes):
        """Returns the list of `Phase`s.

        Args:
            sizes: The resolutions, the coarsest first.
        """
        phases, start = [], 0
        for size in sizes:
            known = [self.batch_sizes[s] for s in sorted(self.batch_sizes) if s <= size]
            batch_size = known[-1] if known else self.batch_size
            for fading in (False,) if size == sizes[0] else (True, False):
                images = self.fade_images if fading else self.steady_images
                steps = math.ceil(images / batch_size)
                phases.append(Phase(size, fading, batch_size, start, steps))
                start += steps
        return phases

    def get_config(self):
        """Returns the constructor's arguments."""
        return {
            "fade_images": self.fade_images,
            "steady_images": self.steady_images,
            "batch_size": self.batch_size,
            "batch_sizes": {str(k): v for k, v in self.batch_sizes.items()},
            "learning_rates": {str(k): v for k, v in self.learning_rates.items()},
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def index_at(phases, step):
    """Returns the index of the phase of a step; the last phase never ends."""
    return bisect.bisect_right([phase.start for phase in phases], step) - 1
