"""The mechanics of e-puck robots, in centimetres, seconds, grams and radians.

Places are `[2, bodies, trials]`, robots first; headings are angles `[robots, trials]`.
Trials come last, where NumPy is fastest. Only sums, products and functions of single
elements are used, in real numbers: then a trial is the same, bit for bit, however many
are simulated with it.
"""

import numpy as np

ROBOT_RADIUS, ROBOT_MASS = 3.7, 150.0
OBJECT_RADIUS, OBJECT_MASS = 5.0, 35.0
AXLE = 5.1  # between the wheels
MAX_SPEED = 12.8  # of a wheel
MAX_TURN = 2 * MAX_SPEED / AXLE
SIGHT = 150.0  # range of the sensor
STEP = 0.1
TOLERANCE = 0.05  # overlap of bodies that is left
ROUNDS = 200  # jammed crowds end here


def direction(angle):
    """Returns unit vectors, `[2, …]`."""
    return np.stack([np.cos(angle), np.sin(angle)])


def drive(place, heading, wheels):
    """Moves robots along arcs for one step.

    Args:
        place: `[2, robots, trials]`.
        heading: `[robots, trials]`.
        wheels: Left and right speeds in cm/s, `[2, robots, trials]`.

    Returns:
        The new places and headings.
    """
    left, right = wheels
    half = (right - left) / AXLE * STEP / 2
    # The chord of an arc of angle a: shorter than it by sin(a / 2) / (a / 2), turned
    # by a / 2.
    chord = (left + right) / 2 * STEP * np.sinc(half / np.pi)
    return place + chord * direction(heading + half), heading + 2 * half


def sense(place, heading, radius):
    """Returns what the ray of each robot meets first, int64 `[robots, trials]`.

    0: nothing within the range, 1: a robot; where there are objects, 1: an object, 2: a
    robot.

    Args:
        place: `[2, bodies, trials]`.
        heading: `[robots, trials]`.
        radius: `[bodies]`.
    """
    robots, bodies = len(heading), len(radius)
    x, y = place[:, None] - place[:, :robots, None]
    cos, sin = direction(heading)[:, :, None]
    ahead, aside = x * cos + y * sin, y * cos - x * sin
    met = nonzero((ahead > 0) & (abs(aside) <= radius[:, None]))
    robot, body, trial = met
    depth = np.sqrt(radius[body] ** 2 - aside[met] ** 2)
    distance = ahead[met] - depth - ROBOT_RADIUS
    # Where a ray meets several bodies, the last one that is written stays: the first.
    order = np.argsort(-distance, kind="stable")
    order = order[distance[order] <= SIGHT]
    kind = np.repeat([2 if bodies > robots else 1, 1], [robots, bodies - robots])
    state = np.zeros(heading.shape, int)
    state[robot[order], trial[order]] = kind[body[order]]
    return state


def separate(place, radius, mass):
    """Returns the places of bodies, pushed apart until none overlap.

    Args:
        place: `[2, bodies, trials]`.
        radius, mass: `[bodies]`.
    """
    reach = radius[:, None] + radius
    close = (reach - TOLERANCE) ** 2
    np.fill_diagonal(close, 0)
    share = mass / (mass[:, None] + mass)  # the lighter of two bodies moves further
    place, crowded = place.copy(), np.arange(place.shape[2])
    for _ in range(ROUNDS):
        here = place[..., crowded]
        x, y = here[:, :, None] - here[:, None]
        squared = x * x + y * y
        one, other, trial = pair = nonzero(squared < close[..., None])
        if not len(trial):
            break
        distance = np.sqrt(squared[pair])
        push = (reach[one, other] - distance) * share[one, other]
        push /= np.maximum(distance, 1e-9)
        for axis, apart in enumerate((x, y)):
            np.add.at(place[axis], (one, crowded[trial]), push * apart[pair])
        crowded = crowded[np.unique(trial)]
    return place


def nonzero(array):
    """Returns `np.nonzero(array)`, sooner where little is nonzero."""
    return np.unravel_index(np.flatnonzero(array), array.shape)


def observe(place, heading, moved, turned):
    """Returns linear and angular speeds of a step, `[trials, 2]`, as shares.

    Args:
        place, heading: Before the step, `[2, trials]` and `[trials]`.
        moved, turned: After the step.
    """
    angle = turned - heading
    x, y = (moved - place) * direction(heading + angle / 2)
    return np.stack([(x + y) / MAX_SPEED, angle / MAX_TURN], axis=-1) / STEP
