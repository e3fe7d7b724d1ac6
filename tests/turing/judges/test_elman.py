import numpy as np
import pytest

from kgan.turing import Elman, EvolvedJudge


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def by_hand(params, trial, hidden, outputs):
    """One network on one trial, unit by unit; returns the outputs of every step."""
    features = trial.shape[1]
    first = params[: hidden * (features + hidden + 1)].reshape(-1, hidden)
    second = params[hidden * (features + hidden + 1) :].reshape(-1, outputs)
    state, seen = np.zeros(hidden), []
    for x in trial:
        inputs = np.concatenate([x, state, [1.0]])
        state = np.array([sigmoid(inputs @ first[:, unit]) for unit in range(hidden)])
        seen.append(sigmoid(np.append(state, 1.0) @ second))
    return np.array(seen)


def test_scores_of_many_networks_equal_single_ones():
    rng = np.random.default_rng(0)
    elman = Elman(hidden=3)
    assert elman.n_params(2) == 3 * (2 + 3 + 1) + 4 == 22
    assert Elman(5).n_params(1) == 41 and Elman(5, controls=2).n_params(1) == 53
    params, trials = rng.normal(size=(4, 22)), rng.normal(size=(6, 7, 2))
    scores = elman.score(params, trials)
    expected = [[by_hand(p, x, 3, 1)[-1, 0] for x in trials] for p in params]
    np.testing.assert_allclose(scores, expected, rtol=1e-12)
    own = np.stack([trials] * 4)
    np.testing.assert_allclose(elman.score(params, own), expected, rtol=1e-12)
    judge = EvolvedJudge(elman, params[2])
    np.testing.assert_array_equal(judge.predict(trials), np.array(expected[2]) >= 0.5)


def test_zero_parameters_hold_everything_genuine():
    score = Elman().score(np.zeros((1, 41)), np.ones((3, 4, 1)))
    assert score.tolist() == [[0.5, 0.5, 0.5]]


def test_query_gives_the_further_outputs_step_by_step():
    rng = np.random.default_rng(1)
    elman = Elman(hidden=2, controls=2)
    params = rng.normal(size=(3, elman.n_params(1)))
    trials = rng.normal(size=(3, 2, 5, 1))  # 3 networks, 2 subjects each
    query = elman.query(params, 2)
    controls = [query(trials[:, :, t].reshape(6, 1)) for t in range(5)]
    for i in range(3):
        for j in range(2):
            expected = by_hand(params[i], trials[i, j], 2, 3)[:, 1:]
            got = [control[2 * i + j] for control in controls]
            np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize("controls", [0, 1])
def test_controls_do_not_change_the_score(controls):
    elman = Elman(hidden=2, controls=controls)
    assert elman.score(np.zeros((2, elman.n_params(3))), np.ones((1, 4, 3))).shape == (
        2,
        1,
    )
