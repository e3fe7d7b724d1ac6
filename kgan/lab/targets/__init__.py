"""What an experiment's generator is to learn, and how it is judged.

A target has a `sample_shape`; `sample(num_samples, seed)` draws real points;
`scores(samples, held_out, gan)` judges samples, and `meanings` says what each score
means. A new target is one file, and its line here.
"""

from kgan._core.errors import invalid, one_of
from kgan.lab.targets.dirac_point import DiracPoint
from kgan.lab.targets.gaussian_line import GaussianLine
from kgan.lab.targets.mixture import grid, ring
from kgan.lab.targets.swiss_roll import SwissRoll

TARGETS = {
    "ring": ring,
    "grid": grid,
    "swiss_roll": SwissRoll,
    "gaussian_pair": GaussianLine,
    "dirac": DiracPoint,
}


def create(name, options):
    """Returns a target.

    Args:
        name: One of `TARGETS`.
        options: Dict of its arguments.

    Raises:
        ValueError: If the name or an option is unknown.
    """
    one_of("target", name, TARGETS)
    try:
        return TARGETS[name](**options)
    except TypeError as error:
        raise invalid(
            "`target_options` must be arguments that the target takes.",
            {"target": name, "target_options": options},
            f"Python says: {error}",
        ) from error
