import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from kgan.turing import CallableGenerator, TuringLearning
from kgan.turing.game import Game
from kgan.turing.modes import Shared

CONSTANT = CallableGenerator(lambda theta, n, rng: np.full(n, theta[0]), [(-9, 9)])


class Near(ClassifierMixin, BaseEstimator):
    """Gives 1 / (1 + x²) as the probability; keeps what it was fitted on."""

    seen = []

    def fit(self, X, y):
        Near.seen.append((X, y))
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        genuine = 1 / (1 + X[:, 0] ** 2)
        return np.stack([1 - genuine, genuine], axis=1)


def test_one_judge_learns_from_all_candidates_and_the_memory():
    Near.seen = []
    learning = TuringLearning(CONSTANT, Near(), mode="shared", memory=1, trials=4)
    mode = Shared(Game(CONSTANT, np.zeros(50), 2, None, 0, None), learning)
    fitness, accuracy, _ = mode.play(np.array([[0.0], [1.0], [3.0]]), 0)
    np.testing.assert_allclose(fitness, [1.0, 0.5, 0.1])
    # All real ones held genuine; of the candidates only the third is found out.
    assert accuracy == (1 + 1 / 3) / 2
    x, y = Near.seen[0]
    assert x.shape == (12, 2) and y.sum() == 6  # half of 3 × 4 trials, and as many real
    assert sorted(x[y == 0, 0]) == [0, 0, 1, 1, 3, 3]

    for generation, theta in ((1, 5.0), (2, 7.0)):
        mode.play(np.array([[theta]]), generation)
    x, y = Near.seen[2]
    assert sorted(x[y == 0, 0]) == [5, 5, 7, 7]  # the generation before, and no more
    assert y.sum() == 4


def test_failed_candidates_are_left_out():
    def fragile(theta, n, rng):
        if theta[0] < 0:
            raise ZeroDivisionError("no rate")
        return np.full(n, theta[0])

    generator = CallableGenerator(fragile, [(-9, 9)])
    learning = TuringLearning(generator, Near(), mode="shared", trials=4)
    mode = Shared(Game(generator, np.zeros(50), 2, None, 0, None), learning)
    fitness, _, failures = mode.play(np.array([[-1.0], [1.0]]), 0)
    np.testing.assert_array_equal(fitness, [np.nan, 0.5])
    assert failures == ["ZeroDivisionError: no rate"]
