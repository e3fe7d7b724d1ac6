"""A simulated swarm of e-puck robots."""

import numpy as np

from kgan._core.errors import invalid
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
    >>> model = kgan.turing.CallableGenerator(
    ...     swarm.replica, swarm.bounds, swarm.replicas
    ... )

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
        return self.replicas([theta], n, [rng])[0]

    def replicas(self, thetas, n, rngs):
        """Returns `replica(theta, n, rng)` for each of both, `[thetas, n, steps, 2]`.

        All are simulated at once, which takes a small part of the time.
        """
        motion = self._run(thetas, n, rngs)[0]
        return motion.reshape(len(thetas), n, self.steps, 2)

    def positions(self, n, rng):
        """Returns where the bodies of a swarm are after each step of `n` trials.

        Returns:
            Array `[n, steps + 1, robots + objects, 2]` in cm, robots first.
        """
        return self._run([self.controller], n, [rng])[1]

    def _run(self, thetas, n, rngs):
        """Returns motions `[trials, steps, 2]`, places `[trials, steps + 1, …, 2]`."""
        for theta in (thetas := np.asarray(thetas, float)):
            self._check(theta)
        robots, bodies, trials = self.robots, self.robots + self.objects, n * len(rngs)
        # One draw a trial keeps trials independent of how many are drawn at once.
        sizes = [2 * bodies, robots, self.steps * robots * 2, self.steps * 2]
        drawn = np.concatenate([rng.random((n, sum(sizes))) for rng in rngs])
        start, heading, wheels, seen = np.split(drawn, np.cumsum(sizes)[:-1], axis=1)
        heading = 2 * np.pi * heading
        wheels = 1 + NOISE * (2 * wheels.reshape(trials, self.steps, robots, 2) - 1)
        seen = 1 + NOISE * (2 * seen.reshape(trials, self.steps, 2) - 1)
        sizes = [robots, self.objects]
        radius = np.repeat([physics.ROBOT_RADIUS, physics.OBJECT_RADIUS], sizes)
        mass = np.repeat([physics.ROBOT_MASS, physics.OBJECT_MASS], sizes)
        # The speeds of both wheels, in each state, of each robot in each trial.
        tables = np.tile(self.controller, (robots, trials, 1))
        tables[0] = np.repeat(thetas, n, axis=0)
        tables = np.moveaxis(tables.reshape(robots, trials, -1, 2), -1, 0)
        each = np.arange(robots)[:, None], np.arange(trials)
        wheels = physics.MAX_SPEED * np.ascontiguousarray(wheels.transpose(1, 3, 2, 0))
        heading = np.ascontiguousarray(heading.T)
        place = np.sqrt(AREA * robots) * start.T.reshape(2, bodies, trials)
        place = physics.separate(place, radius, mass)
        places, motion = [place], np.empty((self.steps, trials, 2))
        for t in range(self.steps):
            state = physics.sense(place, heading, radius)
            moved = place.copy()
            moved[:, :robots], turned = physics.drive(
                place[:, :robots], heading, tables[:, *each, state] * wheels[t]
            )
            moved = physics.separate(moved, radius, mass)
            motion[t] = physics.observe(place[:, 0], heading[0], moved[:, 0], turned[0])
            place, heading = moved, turned
            places.append(place)
        return motion.swapaxes(0, 1) * seen, np.transpose(places, (3, 0, 2, 1))

    def _check(self, controller):
        if controller.shape != (self.n_params,) or not (abs(controller) <= 1).all():
            raise invalid(
                f"A controller must be {self.n_params} wheel speeds in [-1, 1].",
                {"controller": controller.tolist(), "objects": self.objects},
                "Give left and right speeds for each state of the sensor.",
            )
