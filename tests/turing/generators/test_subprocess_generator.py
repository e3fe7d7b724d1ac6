import copy
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from kgan.turing import SubprocessGenerator, TuringLearning

SIMULATOR = str(Path(__file__).with_name("simulator.py"))


@pytest.fixture
def simulator():
    made = []

    def make(mood, timeout=10.0):
        command = [sys.executable, "-S", SIMULATOR, mood]
        made.append(SubprocessGenerator(command, [(-3, 3)], timeout))
        return made[-1]

    yield make
    for each in made:
        each.close()


def draw(generator, mean, seed=0):
    return generator.sample(np.array([mean]), 5, np.random.default_rng(seed))


@pytest.mark.parametrize("mood", ["well", "once"])
def test_answers_follow_from_the_request(simulator, mood):
    generator = simulator(mood)
    first, other = draw(generator, 1.0), draw(generator, 1.0, seed=1)
    assert first.shape == (5, 1) and (first != other).any()
    np.testing.assert_array_equal(draw(generator, 1.0), first)
    np.testing.assert_array_equal(draw(copy.deepcopy(generator), 1.0), first)


@pytest.mark.parametrize(
    ("mood", "error", "message"),
    [
        ("hang", TimeoutError, "no answer within 0.3 s"),
        ("crash", EOFError, "exit code 3"),
        ("garbage", ValueError, "printed 'Segmentation is fine"),
    ],
)
def test_failures_are_told_and_leave_no_process(simulator, mood, error, message):
    generator = simulator(mood)
    draw(generator, 1.0)
    process = generator._idle[0].process
    generator.timeout = 0.3 if mood == "hang" else 10.0
    with pytest.raises(error, match=message):
        draw(generator, -1.0)
    assert process.poll() is not None
    generator.timeout = 10.0
    assert draw(generator, 1.0).shape == (5, 1)  # a new process


def test_threads_ask_programs_of_their_own(simulator):
    generator = simulator("well")
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda seed: draw(generator, 1.0, seed), range(20)))
    for seed in range(20):
        np.testing.assert_array_equal(drawn[seed], draw(generator, 1.0, seed))


def test_a_shell_is_killed_with_its_children(tmp_path):
    generator = SubprocessGenerator(
        ["sh", "-c", "sleep 60; true"], [(0, 1)], timeout=0.2
    )
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        draw(generator, 0.5)
    assert time.monotonic() - began < 5


def test_a_program_that_is_not_there_is_refused_by_the_game():
    generator = SubprocessGenerator(["./no-such-program"], [(0, 1)])
    learning = TuringLearning(generator, LogisticRegression(), mode="c2st")
    with pytest.raises(ValueError, match="no-such-program"):
        learning.fit(np.zeros((200, 1)), generations=1, progress=False)


@pytest.mark.parametrize("mood", ["hang", "crash", "garbage", "nan", "short"])
def test_a_run_survives_a_simulator_that_misbehaves(simulator, mood):
    data = np.random.default_rng(0).normal(1.0, 0.5, 400)
    generator = simulator(mood, timeout=0.5 if mood == "hang" else 10.0)
    learning = TuringLearning(
        generator, LogisticRegression(), mode="c2st", bundle=5, population=4, trials=20
    )
    with pytest.warns(UserWarning, match="A candidate failed and gets the fitness -1"):
        learning.fit(data, generations=3, progress=False)
    assert sum(learning.failures_.values()) > 0
    failed = sum(record["failed"] for record in learning.history_)
    assert failed == sum(learning.failures_.values())
    assert learning.best_params_[0] > 0
