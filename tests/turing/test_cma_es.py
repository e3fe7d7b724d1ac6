import numpy as np
import pytest

from kgan.turing import CMAES


@pytest.mark.parametrize("low", [-5.0, -np.inf])
def test_finds_a_minimum_and_leaves_global_randomness_alone(low):
    def run():
        search = CMAES([[low, 5.0], [0.01, 3.0]], population=8, seed=1)
        for _ in range(60):
            population = search.ask()
            assert population.min(0)[1] >= 0.01 and population.max() <= 5
            search.tell(population, ((population - [2, 0.5]) ** 2).sum(1))
        return population.mean(0)

    state = np.random.get_state()[1].copy()
    np.testing.assert_allclose(run(), [2, 0.5], atol=1e-3)
    np.testing.assert_array_equal(run(), run())
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_searches_a_single_parameter():
    search = CMAES([[-5.0, 5.0]], population=8, seed=1)
    for _ in range(60):
        population = search.ask()
        search.tell(population, ((population - 2) ** 2).sum(1))
    assert population.shape == (8, 1)
    np.testing.assert_allclose(population.mean(), 2, atol=1e-3)
