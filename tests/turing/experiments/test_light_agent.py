import numpy as np
import pytest

from kgan.turing import CallableGenerator, Elman, LightAgent, TuringLearning


def always_on(observation):
    return np.ones((len(observation), 1))


def test_k_shows_after_the_patience_in_the_light():
    agent = LightAgent(speed=1.0, k=3.0, patience=2, steps=6, noise=0)
    trial = agent.sample(2, np.random.default_rng(0), always_on)
    # The first step is dark, two are lit, from the third lit step on it is k.
    np.testing.assert_array_equal(trial[0], trial[1])
    np.testing.assert_array_equal(trial[0, :, 0], [0, 1, 1, 3, 3, 3])
    np.testing.assert_array_equal(trial[0, :, 1], [0, 1, 1, 1, 1, 1])


def test_a_dark_step_makes_it_forget():
    agent = LightAgent(speed=1.0, k=3.0, patience=2, steps=9, noise=0)
    lights = iter([1, 1, 0.5, 1, 1, 1, 0, 1, 0])  # 0.5 is dark
    trial = agent.sample(
        1, np.random.default_rng(0), lambda _: np.array([[next(lights)]])
    )
    np.testing.assert_array_equal(trial[0, :, 0], [0, 1, 1, 0, 1, 1, 3, 0, 1])


def test_chance_rarely_shows_k():
    agent = LightAgent(k=3.0)
    trials = agent.sample(20_000, np.random.default_rng(0))
    assert trials[:, 1:, 1].mean() == pytest.approx(0.5, abs=0.005)
    # 9 lit steps in a row among 19: 2⁻⁹ for the first place, 2⁻¹⁰ for 10 more.
    shows = (trials[..., 0] > 2).any(1).mean()
    assert shows == pytest.approx(2**-9 + 10 * 2**-10, abs=0.003)


def test_patience_beyond_the_trial_is_refused():
    with pytest.raises(ValueError, match=r"(?s)`patience` must.*Received: patience=20"):
        LightAgent(patience=20)


@pytest.mark.slow
def test_asking_finds_k_and_watching_does_not():
    agent = LightAgent()
    model = CallableGenerator(agent.replica, agent.bounds)

    def error(judge, **settings):
        learning = TuringLearning(model, judge, population=50, **settings)
        found = learning.fit(agent, 60, progress=False).best_params_
        return abs(found - agent.theta)

    asked = error(Elman(controls=1), interrogator="judge")
    watched = error(Elman())
    assert asked.max() < 0.3 and watched[1] > 2 * asked[1]
