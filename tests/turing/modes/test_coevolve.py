import numpy as np
import pytest

from kgan.turing import CallableGenerator, Elman, TuringLearning
from kgan.turing.game import Game
from kgan.turing.modes import Coevolve

STEPS = CallableGenerator(
    lambda theta, n, rng: np.tile(np.reshape(theta, (1, -1, 1)), (n, 1, 1)),
    [(-9, 9)] * 3,
)
REAL = np.ones((8, 3, 1))


class Threshold:
    """Holds trials genuine whose last value exceeds its parameter; counts them."""

    def n_params(self, features):
        return 1

    def score(self, params, trials):
        last = np.broadcast_to(trials[..., -1, 0], (len(params), trials.shape[-3]))
        return (last > params).astype(float)


class Fixed:
    """An optimizer that always proposes the same and keeps what it was told."""

    def __init__(self, candidates):
        self.candidates, self.told = np.array(candidates, float), []

    def ask(self):
        return self.candidates

    def tell(self, candidates, costs):
        self.told.append(np.array(costs))


def mode(judge=None, data=REAL, **settings):
    learning = TuringLearning(STEPS, judge or Threshold(), population=4, **settings)
    return Coevolve(Game(STEPS, data, 1, None, 0, None), learning)


def test_every_candidate_meets_every_judge():
    game = mode()
    game.search = Fixed([[-1.0], [0.5], [2.0]])
    # Last values 0, 1 and -3; real ones end with 1.
    thetas = np.array([[0, 0, 0], [5, 5, 1], [0, 0, -3]])
    fitness, accuracy, failures = game.play(thetas, 0)
    np.testing.assert_allclose(fitness, [1 / 3, 2 / 3, 0])
    # Judge -1: real right, fakes wrong, wrong, right. Judge .5: right; right, wrong,
    # right. Judge 2: wrong; right three times.
    skills = np.array([(1 + 1 / 3) / 2, (1 + 2 / 3) / 2, (0 + 1) / 2])
    assert accuracy == pytest.approx(skills.mean())
    relative = skills / skills.max()
    np.testing.assert_allclose(game.search.told[0], relative**2 - 2 * relative)
    assert np.argmin(game.search.told[0]) == 1
    assert game.final_judge(None).params.tolist() == [0.5]
    assert failures == []


def test_reduced_virulence_prefers_judges_that_do_not_always_win():
    game = mode(virulence=0.75)
    game._tell(game.search.ask(), np.array([1.0, 0.75, 0.5, 0.8]))
    x = np.array([1.0, 0.75, 0.5, 0.8])
    np.testing.assert_allclose(game.told, -(2 * x / 0.75 - x**2 / 0.75**2))
    assert game.told.argmin() == 1


def test_the_hall_of_fame_plays_but_is_not_judged():
    game = mode(hall_of_fame=2)
    game.search = Fixed([[-1.0], [0.5]])
    thetas = np.array([[0.0, 0, 0], [0, 0, 1]])
    for generation in range(3):
        fitness, _, _ = game.play(thetas, generation)
        assert len(fitness) == 2 and len(game.search.told[-1]) == 2
    # Judge .5 was the better one each time and is met once more, by one of two famous.
    np.testing.assert_allclose(fitness, [1 / 3, 1.0])
    assert [judge.tolist() for judge in game.fame["judges"]] == [[0.5], [0.5]]
    assert [theta.tolist() for theta in game.fame["candidates"]] == [[0, 0, 1]] * 2


def test_failed_candidates_leave_the_others_their_fitness():
    def sometimes(theta, n, rng):
        return np.full((n, 3, 1), np.nan if theta[0] < 0 else theta[0])

    generator = CallableGenerator(sometimes, [(-1, 2)])
    learning = TuringLearning(generator, Threshold(), population=4)
    game = Coevolve(Game(generator, REAL, 1, None, 0, None), learning)
    game.search = Fixed([[0.5], [3.0]])
    fitness, _, failures = game.play(np.array([[-1.0], [1.0], [0.0]]), 0)
    np.testing.assert_array_equal(fitness, [np.nan, 0.5, 0.0])
    assert failures == ["samples that are not finite"]


def move(gain, n, query):
    """Subjects that go as far as the light that a judge shows them allows."""
    seen = np.zeros((n, 4, 1))
    for t in range(4):
        light = query(seen[:, t])
        seen[:, t + 1 :] = gain * light[:, None]
    return seen


class Subject:
    def sample(self, n, rng, query=None):
        return move(2.0, n, query or np.ones_like)


def test_every_judge_asks_subjects_of_its_own():
    generator = CallableGenerator(
        lambda theta, n, rng, query=np.ones_like: move(theta[0], n, query), [(0, 4)]
    )
    elman = Elman(hidden=2, controls=1)
    judges = np.random.default_rng(0).normal(0, 3, (6, elman.n_params(1)))
    learning = TuringLearning(
        generator, elman, population=4, interrogator="judge", trials=2
    )
    game = Coevolve(Game(generator, Subject(), 1, None, 0, None), learning)
    game.search = Fixed(judges)
    thetas = np.array([[2.0], [0.5], [4.0]])
    fitness, accuracy, _ = game.play(thetas, 0)

    def held_genuine(gain, judge):
        trial = move(gain, 1, elman.query(judge[None], 1))
        return elman.score(judge[None], trial)[0, 0] >= 0.5

    verdicts = np.array([[held_genuine(t[0], j) for t in thetas] for j in judges])
    real = np.array([held_genuine(2.0, j) for j in judges])
    assert 0 < verdicts.mean() < 1 and verdicts[:, 0].tolist() == real.tolist()
    np.testing.assert_allclose(fitness, verdicts.mean(0))
    skill = (real + 1 - verdicts.mean(1)) / 2
    assert accuracy == pytest.approx(skill.mean())


def test_an_asking_game_runs_and_repeats():
    generator = CallableGenerator(
        lambda theta, n, rng, query=np.ones_like: move(theta[0], n, query), [(0, 4)]
    )
    learning = TuringLearning(
        generator, Elman(2, controls=1), population=10, interrogator="judge"
    )
    found = learning.fit(Subject(), 30, progress=False).best_params_
    again = learning.fit(Subject(), 30, progress=False).best_params_
    assert found == again == pytest.approx(2.0, abs=0.5)
