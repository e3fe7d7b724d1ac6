"""A simulated swarm of e-puck robots."""

import numpy as np

from kgan.errors import invalid
from kgan.turing.experiments import physics

AGGREGATION = (-0.7, -1.0, 1.0, -1.0)
CLUSTERING = (0.5, 1.0, 1.0, 0.5, 0.1, 0.5)
AREA = 10_000.0  # cm² for each robot at the start
NOISE = 0.05  # relative, of wheels and of the observer


class RobotSwarm:
    """Differential-wheeled robots of the size of e-pucks, with one bit of sight.

    Each robot has a sensor that tells what a ray from its front meets first: nothing
    (0), or a robot (1); where there are objects, an object (1) or a robot (2). Its
    controller is a table: the speeds of the left and the right wheel for each state of
    the sensor, as shares of the highest speed. Robots start at random places of a
    square of 10,000 cm² for each of them, in an unbounded plane.

    A trial is the motion of one robot among the others, as an observer measures it.

    Wheel speeds vary by up to 5 % at each step, and so do measurements. Robots move on
    arcs of a tenth of a second; bodies that then overlap are pushed apart along the
    line of their centres, in inverse proportion to their masses, repeatedly until none
    overlaps by more than 0.05 cm. There is no friction between bodies and no sliding.

    Args:
        controller: Wheel speeds in [-1, 1], `(left, right)` for each sensor state: 4
            without objects, 6 with objects. Default: the controllers of Gauci et al.
            that gather robots, or objects: `(-0.7, -1, 1, -1)`,
            `(0.5, 1, 1, 0.5, 0.1, 0.5)`.
        robots: Number of robots, the observed one included.
        objects: Number of cylinders of 10 cm across that can be pushed.
        steps: Length of a trial in steps of 0.1 s.

    - `n_params`: the length of a controller;
    - `bounds`: `[n_params, 2]`, all of them (-1, 1).

    Example:

    >>> swarm = kgan.turing.RobotSwarm()  # aggregation
    >>> swarm.sample(2, np.random.default_rng(0)).shape
    (2, 100, 2)
    >>> model = kgan.turing.CallableGenerator(swarm.replica, swarm.bounds)

    Reference:

    - [Li et al., 2016](https://arxiv.org/abs/1603.04904), section 4
    - [Gauci et al., 2014](https://doi.org/10.1177/0278364914525244), aggregation
    """

    def __init__(self, controller=None, robots=11, objects=0, steps=100):
        if controller is None:
            controller = CLUSTERING if objects else AGGREGATION
        self.controller = np.asarray(controller, float)
        self.robots, self.objects, self.steps = robots, objects, steps
        self.n_params = 6 if objects else 4
        self.bounds = np.tile([-1.0, 1.0], (self.n_params, 1))
        self._check(self.controller)

    def sample(self, n, rng, query=None):
        """Returns trials of a robot of the swarm, as `replica` does."""
        return self.replica(self.controller, n, rng)

    def replica(self, theta, n, rng):
        """Returns trials of a robot with a controller of its own among the others.

        Args:
            theta: Its controller, `[n_params]`.
            n: Number of trials.
            rng: A `numpy.random.Generator`; what a trial draws does not depend on `n`.

        Returns:
            Array `[n, steps, 2]` of linear and angular speeds, as shares of the highest
            ones, 12.8 cm/s and 5.02 rad/s.
        """
        return self._run(theta, n, rng)[0]

    def positions(self, n, rng):
        """Returns where the bodies of a swarm are after each step of `n` trials.

        Returns:
            Array `[n, steps + 1, robots + objects, 2]` in cm, robots first.
        """
        places = self._run(self.controller, n, rng)[1]
        return np.stack([places.real, places.imag], axis=-1)

    def _run(self, theta, n, rng):
        self._check(theta := np.asarray(theta, float))
        bodies, shape = self.robots + self.objects, (n, self.steps)
        # One draw a trial keeps trials independent of how many are drawn at once.
        sizes = [2 * bodies, self.robots, self.steps * self.robots * 2, self.steps * 2]
        drawn = np.split(rng.random((n, sum(sizes))), np.cumsum(sizes)[:-1], axis=1)
        x, y = np.sqrt(AREA * self.robots) * drawn[0].reshape(n, 2, bodies).swapaxes(
            0, 1
        )
        heading = np.exp(2j * np.pi * drawn[1])
        wheel_noise = 1 + NOISE * (2 * drawn[2] - 1)
        wheel_noise = wheel_noise.reshape(*shape, self.robots, 2)
        seen_noise = 1 + NOISE * (2 * drawn[3].reshape(*shape, 2) - 1)
        radius = np.repeat(
            [physics.ROBOT_RADIUS, physics.OBJECT_RADIUS], [self.robots, self.objects]
        )
        mass = np.repeat(
            [physics.ROBOT_MASS, physics.OBJECT_MASS], [self.robots, self.objects]
        )
        tables = np.stack([theta, *[self.controller] * (self.robots - 1)])
        tables = tables.reshape(self.robots, -1, 2)
        place = physics.separate(x + 1j * y, radius, mass)
        places, motion = [place], np.empty((*shape, 2))
        for t in range(self.steps):
            state = physics.sense(place, heading, radius)
            wheels = tables[np.arange(self.robots), state] * wheel_noise[:, t]
            moved = place.copy()
            moved[:, : self.robots], turned = physics.drive(
                place[:, : self.robots], heading, wheels * physics.MAX_SPEED
            )
            moved = physics.separate(moved, radius, mass)
            motion[:, t] = physics.observe(
                place[:, 0], heading[:, 0], moved[:, 0], turned[:, 0]
            )
            place, heading = moved, turned
            places.append(place)
        return motion * seen_noise, np.stack(places, axis=1)

    def _check(self, controller):
        if controller.shape != (self.n_params,) or not (abs(controller) <= 1).all():
            raise invalid(
                f"A controller must be {self.n_params} wheel speeds in [-1, 1].",
                {"controller": controller.tolist(), "objects": self.objects},
                "Give left and right speeds for each state of the sensor.",
            )
