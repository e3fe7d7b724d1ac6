"""The mechanics of e-puck robots, in centimetres, seconds and grams.

Places and headings are complex numbers, `[trials, bodies]`: a product by the conjugate
of a heading turns a place into what its robot sees, ahead and to the left.
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


def drive(place, heading, wheels):
    """Moves robots along arcs for one step.

    Args:
        place, heading: `[trials, robots]`.
        wheels: Left and right speeds in cm/s, `[trials, robots, 2]`.

    Returns:
        The new places and headings.
    """
    speed = wheels.mean(-1)
    angle = (wheels[..., 1] - wheels[..., 0]) / AXLE * STEP
    # The chord of an arc: shorter than it by sin(a / 2) / (a / 2), turned by a / 2.
    chord = speed * STEP * np.sinc(angle / 2 / np.pi)
    turn = np.exp(0.5j * angle)
    return place + chord * heading * turn, heading * turn**2


def sense(place, heading, radius):
    """Returns what the ray of each robot meets first, int64 `[trials, robots]`.

    0: nothing within the range, 1: a robot; where there are objects, 1: an object, 2: a
    robot.

    Args:
        place: `[trials, bodies]`, robots first.
        heading: `[trials, robots]`.
        radius: `[bodies]`.
    """
    robots = heading.shape[1]
    seen = place[:, None] - place[:, :robots, None]
    seen *= heading.conj()[..., None]
    depth = radius**2 - seen.imag**2
    hit = (depth >= 0) & (seen.real > 0)
    hit[:, np.arange(robots), np.arange(robots)] = False
    distance = seen.real - np.sqrt(np.where(hit, depth, 0)) - ROBOT_RADIUS
    distance = np.where(hit & (distance <= SIGHT), distance, np.inf)
    robot = distance[..., :robots].min(-1)
    if robots == place.shape[1]:
        return np.isfinite(robot).astype(int)
    thing = distance[..., robots:].min(-1)
    return np.where(thing < robot, 1, 2 * np.isfinite(robot))


def separate(place, radius, mass):
    """Returns the places of bodies, pushed apart until none overlap.

    Args:
        place: `[trials, bodies]`.
        radius, mass: `[bodies]`.
    """
    reach = radius[:, None] + radius
    np.fill_diagonal(reach, -np.inf)
    share = mass / (mass[:, None] + mass)  # the lighter of two bodies moves further
    for _ in range(ROUNDS):
        apart = place[:, :, None] - place[:, None]
        distance = abs(apart)
        overlap = reach - distance
        pressed = overlap > TOLERANCE
        if not pressed.any():
            break
        push = np.where(pressed, overlap * share / np.maximum(distance, 1e-9), 0)
        place = place + (push * apart).sum(-1)
    return place


def observe(place, heading, moved, turned):
    """Returns linear and angular speeds of a step, `[trials, 2]`, as shares.

    Args:
        place, heading: Before the step, `[trials]`.
        moved, turned: After the step.
    """
    angle = np.angle(turned * heading.conj())
    ahead = ((moved - place) * (heading * np.exp(0.5j * angle)).conj()).real
    return np.stack([ahead / MAX_SPEED, angle / MAX_TURN], axis=-1) / STEP
