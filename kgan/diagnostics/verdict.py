import enum

COVERED = 0.75  # coverage; m/K where m of K modes are left
POINT = 0.05  # relative support of samples that are all alike, but off the data
WARM_UP = 500  # steps; at the start every game looks collapsed or diverged
ON_DATA = 0.5  # density; 1 for equal distributions
TOLD_APART = 0.9  # accuracy from which samples are plainly off the data
OVERPOWERED = 0.95  # accuracy of the game's own discriminator
# Gaps beyond this many times `max_gap` cannot come from the generator alone: for V and
# the default, it is about log 4, the largest value of 2 JSD.
RUNAWAY = 14.0
# Typical distance of samples from the middle of the data, where 1 is the farthest real
# sample. Bounded generators never get there.
FAR = 3.0


class Verdict(enum.StrEnum):
    """What is the matter with a game."""

    NEAR_EQUILIBRIUM = "near equilibrium"
    STILL_MOVING = "still moving"
    COLLAPSED = "collapsed"
    DIVERGED = "diverged"
    DISCRIMINATOR_OVERPOWERED = "discriminator overpowered"


def is_collapsed(density, coverage):
    """Whether samples lie on the data, but leave out much of it."""
    return coverage < COVERED and density >= ON_DATA


def decide(
    steps,
    accuracy,
    chance,
    own_accuracy,
    gap,
    max_gap,
    stable,
    density,
    coverage,
    relative_support,
    distance=0.0,
):
    """Returns the verdict of the numbers of an `EquilibriumReport` after `steps`."""
    collapsed = is_collapsed(density, coverage)
    if collapsed and steps >= WARM_UP:
        return Verdict.COLLAPSED
    if (
        not collapsed
        and accuracy <= chance
        and gap.gap <= max_gap
        and stable is not False
    ):
        return Verdict.NEAR_EQUILIBRIUM
    if own_accuracy >= OVERPOWERED:
        return Verdict.DISCRIMINATOR_OVERPOWERED
    plainly_off = accuracy >= TOLD_APART and steps >= WARM_UP
    if plainly_off and (gap.gap > RUNAWAY * max_gap or distance > FAR):
        return Verdict.DIVERGED
    if plainly_off and relative_support < POINT:
        return Verdict.COLLAPSED
    return Verdict.STILL_MOVING
