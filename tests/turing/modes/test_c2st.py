import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from kgan.turing import CallableGenerator, TuringLearning
from kgan.turing.game import Game
from kgan.turing.modes import C2ST


def test_fitness_is_1_less_the_held_out_accuracy():
    generator = CallableGenerator(lambda t, n, rng: rng.normal(t[0], 1, n), [(-9, 9)])
    learning = TuringLearning(
        generator, LinearDiscriminantAnalysis(), mode="c2st", trials=4000
    )
    data = np.random.default_rng(0).normal(0, 1, 20_000)
    mode = C2ST(Game(generator, data, 1, None, 0, None), learning)
    fitness, accuracy, _ = mode.play(np.array([[0.0], [2.0], [8.0]]), 0)
    # The best accuracy of telling two normals a distance d apart is the normal
    # distribution function at d / 2: .5, .8413 and 1.
    np.testing.assert_allclose(fitness, [0.5, 0.1587, 0.0], atol=0.03)
    assert abs(accuracy - (1 - fitness.mean())) < 1e-12


def test_no_more_trials_than_the_data_hold():
    generator = CallableGenerator(lambda t, n, rng: rng.normal(t[0], 1, n), [(-9, 9)])
    learning = TuringLearning(generator, LinearDiscriminantAnalysis(), mode="c2st")
    game = Game(generator, np.arange(100.0), 5, None, 0, None)
    assert C2ST(game, learning).trials == 20
    rows = game.real(20, ("real", 0)).ravel()
    assert sorted(rows) == list(range(100))  # each sample once: none is seen twice
