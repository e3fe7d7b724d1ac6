import numpy as np
import pytest

from kgan.turing import CallableGenerator, Elman, MuPlusLambda, TuringLearning
from kgan.turing.experiments import RobotSwarm


def rng(seed=0):
    return np.random.default_rng(seed)


def dispersion(places):
    """Mean squared distance to the centre, of each trial at each step."""
    centred = places - places.mean(2, keepdims=True)
    return (centred**2).sum(-1).mean(-1)


def test_a_lone_robot_moves_as_its_controller_says():
    motion = RobotSwarm(robots=1).sample(50, rng())
    # Nothing in sight: wheels -0.7 and -1, so v = -0.85 and ω = -0.15 of the highest;
    # 5 % noise of each wheel changes ω by up to 0.0425.
    np.testing.assert_allclose(motion.mean((0, 1)), [-0.85, -0.15], atol=0.003)
    assert abs(motion[..., 0] + 0.85).max() < 0.85 * 0.11
    assert motion[..., 1].std() > 0.01


@pytest.mark.parametrize("objects", [0, 4])
def test_trials_do_not_depend_on_those_beside_them(objects):
    swarm = RobotSwarm(robots=5, objects=objects, steps=20)
    together, alone = rng(), rng()
    np.testing.assert_array_equal(
        swarm.sample(6, together),
        np.concatenate([swarm.sample(1, alone) for _ in range(6)]),
    )
    np.testing.assert_array_equal(swarm.sample(3, rng(5)), swarm.sample(3, rng(5)))


@pytest.mark.parametrize("objects", [0, 4])
def test_replicas_are_those_of_each_candidate(objects):
    swarm = RobotSwarm(robots=5, objects=objects, steps=20)
    thetas = rng().uniform(-1, 1, (7, swarm.n_params))
    together = swarm.replicas(thetas, 3, [rng(seed) for seed in range(7)])
    alone = [swarm.replica(theta, 3, rng(i)) for i, theta in enumerate(thetas)]
    np.testing.assert_array_equal(together, alone)


def test_only_the_replica_has_the_other_controller():
    swarm = RobotSwarm(steps=10)
    still = swarm.replica([0.0] * 4, 40, rng())
    assert (abs(still[..., 0]) < 1e-9).mean() > 0.95  # others may push it
    same = swarm.replica(swarm.controller, 3, rng())
    np.testing.assert_array_equal(same, swarm.sample(3, rng()))


def test_robots_gather():
    places = RobotSwarm(steps=1800).positions(3, rng(1))
    spread = dispersion(places)
    assert np.median(spread[:, -1] / spread[:, 0]) < 0.05
    distance = np.linalg.norm(places[:, -1, :, None] - places[:, -1, None], axis=-1)
    distance += 99 * np.eye(11)
    assert 7.34 < distance.min() < 7.5


def test_robots_gather_objects():
    places = RobotSwarm(robots=5, objects=10, steps=3000).positions(5, rng())
    spread = dispersion(places[:, :, 5:])
    # One trial in six ends with two heaps.
    assert np.median(spread[:, -1] / spread[:, 0]) < 0.05


def test_wrong_controllers_are_refused():
    with pytest.raises(ValueError, match=r"(?s)must be 6 wheel speeds.*Received: con"):
        RobotSwarm([0.5] * 4, objects=3)
    with pytest.raises(ValueError, match="4 wheel speeds"):
        RobotSwarm().replica([2.0, 0, 0, 0], 1, rng())


@pytest.mark.slow
def test_a_short_inference_comes_close_to_all_speeds():
    swarm = RobotSwarm()
    learning = TuringLearning(
        CallableGenerator(swarm.replica, swarm.bounds, swarm.replicas),
        Elman(),
        MuPlusLambda(swarm.bounds, population=100, start=0, sigma=1),
    ).fit(swarm, 150, progress=False)
    error = abs(learning.best_params_ - swarm.controller)
    # The largest errors of the benchmark's five seeds after as many generations were
    # .07, .02, .66 and .21, the medians .01, .01, .41 and .14.
    assert (error < [0.2, 0.1, 0.9, 0.4]).all()
