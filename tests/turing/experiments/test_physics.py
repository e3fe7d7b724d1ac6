import numpy as np
import pytest

from kgan.turing.experiments import physics

ROBOT = physics.ROBOT_RADIUS


def real(places):
    """Complex places `[bodies]` of one trial, as `[2, bodies, 1]`."""
    return np.stack([np.real(places), np.imag(places)])[..., None]


def drive(left, right, heading=0.0):
    """Moves one robot; returns its place as a complex number, and its heading."""
    place, turned = physics.drive(
        real([0j]), np.array([[heading]]), np.reshape([left, right], (2, 1, 1))
    )
    return complex(*place.ravel()), turned.item()


def test_equal_wheels_go_straight():
    # 12.8 cm/s for 0.1 s, to the left since the robot looks there.
    place, heading = drive(12.8, 12.8, heading=np.pi / 2)
    assert place == pytest.approx(1.28j) and heading == np.pi / 2


def test_opposite_wheels_turn_on_the_spot():
    # ω = (5.1 - -5.1) / 5.1 = 2 rad/s: 0.2 rad in a step.
    place, heading = drive(-5.1, 5.1)
    assert place == 0 and heading == pytest.approx(0.2)


def test_unequal_wheels_follow_an_arc():
    # v = 7.65 cm/s, ω = 1 rad/s: 0.1 rad of a circle of radius 7.65 about (0, 7.65).
    place, heading = drive(5.1, 10.2)
    expected = 7.65 * np.sin(0.1) + 1j * 7.65 * (1 - np.cos(0.1))
    assert place == pytest.approx(expected)
    assert heading == pytest.approx(0.1)


def test_the_observer_measures_the_wheels_speeds():
    place, heading = real([3 + 2j]), np.array([[0.7]])
    wheels = np.reshape([-4.0, 9.0], (2, 1, 1))
    moved, turned = physics.drive(place, heading, wheels)
    linear, angular = physics.observe(place[:, 0], heading[0], moved[:, 0], turned[0])[
        0
    ]
    # The chord of 0.25 rad is 0.27 % shorter than the arc.
    assert linear * 12.8 == pytest.approx(2.5, rel=0.003)
    assert angular * physics.MAX_TURN == pytest.approx(13 / 5.1)


@pytest.mark.parametrize(
    "place, state",
    [
        (50 + 3.69j, 1),  # within a radius of the ray
        (50 - 3.71j, 0),  # beside it
        (-50 + 0j, 0),  # behind
        (157.3 + 0j, 1),  # its skin is 149.9 cm from the front
        (157.5 + 0j, 0),
    ],
)
def test_a_robot_sees_what_its_ray_meets(place, state):
    for turn in (0, 2):
        places = real([1 + 1j, 1 + 1j + place * np.exp(1j * turn)])
        headings = np.array([[turn], [turn + np.pi / 2]])
        seen = physics.sense(places, headings, np.full(2, ROBOT))
        assert seen[:, 0].tolist() == [state, 0]


def test_the_first_body_hides_those_behind():
    radius = np.array([ROBOT, ROBOT, physics.OBJECT_RADIUS])
    heading = np.array([[0], [np.pi / 2]])
    for robot, thing, state in ((60, 30, 1), (30, 60, 2), (-30, 60, 1), (30, -60, 2)):
        places = real([0j, robot, thing])
        assert physics.sense(places, heading, radius)[:, 0].tolist() == [state, 0]
    assert physics.sense(real([0j, -9, -30]), heading, radius)[0, 0] == 0


def test_overlapping_bodies_part_by_their_masses():
    radius, mass = np.array([3.7, 5.0]), np.array([150.0, 35.0])
    # 8.7 cm are needed, 6.85 are there: the object moves 150/185 of the missing 1.85.
    place = physics.separate(real([0j, 6.85]), radius, mass)
    np.testing.assert_allclose(place[..., 0], [[-0.35, 8.35], [0, 0]])
    apart = real([0j, 8.7])
    np.testing.assert_array_equal(physics.separate(apart, radius, mass), apart)


def test_crowds_keep_their_distances():
    rng = np.random.default_rng(0)
    place = rng.uniform(0, 25, (2, 11, 4))
    radius = np.full(11, ROBOT)
    parted = physics.separate(place, radius, np.ones(11))
    apart = np.linalg.norm(parted[:, :, None] - parted[:, None], axis=0)
    distance = apart + 99 * np.eye(11)[..., None]
    assert distance.min() >= 2 * ROBOT - physics.TOLERANCE
    # Equal masses: what pushes one pushes back the other.
    np.testing.assert_allclose(parted.mean(1), place.mean(1))
