import numpy as np
import pytest

from kgan.turing import MuPlusLambda


def test_learning_rates_and_recombination_of_a_generation():
    # The steps of the paper, one child at a time, with the same random numbers.
    search = MuPlusLambda([[-np.inf, np.inf]] * 3, population=6, seed=4)
    search.x = np.arange(9.0).reshape(3, 3)
    search.sigma = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [0.5, 4.0, 1.0]])
    population = search.ask()
    rng = np.random.default_rng([4, 0])
    parents = rng.integers(3, size=(2, 3))
    choice, common = rng.random((3, 3)), rng.normal(0, 1 / (2 * 6**0.5), (3, 1))
    single = rng.normal(0, 1 / (2 * (2 * 3**0.5) ** 0.5), (3, 3))
    steps = rng.standard_normal((3, 3))
    for child in range(3):
        first, second = parents[:, child]
        for i in range(3):
            parent = first if choice[child, i] < 0.5 else second
            sigma = (search.sigma[first, i] + search.sigma[second, i]) / 2
            sigma *= np.exp(common[child, 0]) * np.exp(single[child, i])
            expected = search.x[parent, i] + sigma * steps[child, i]
            assert population[3 + child, i] == pytest.approx(expected, abs=1e-12)
    np.testing.assert_array_equal(population[:3], search.x)


def test_starts_at_zero_with_step_sizes_of_one_or_from_the_bounds():
    search = MuPlusLambda([[-np.inf, np.inf], [2.0, 6.0]], population=4)
    np.testing.assert_array_equal(search.x, [[0.0, 4.0]] * 2)
    np.testing.assert_array_equal(search.sigma, [[1.0, 1.0]] * 2)
    search = MuPlusLambda([[-1.0, 1.0]], population=4, start=0.5, sigma=0.2)
    np.testing.assert_array_equal(search.x, [[0.5]] * 2)
    np.testing.assert_array_equal(search.sigma, [[0.2]] * 2)


def test_keeps_the_better_half_with_its_step_sizes_parents_included():
    search = MuPlusLambda([[-np.inf, np.inf]], population=4)
    population = search.ask()
    sigmas = search._sigmas.copy()
    search.tell(population, [0.0, 3.0, 2.0, 1.0])
    np.testing.assert_array_equal(search.x, population[[0, 3]])
    np.testing.assert_array_equal(search.sigma, sigmas[[0, 3]])


def test_draws_again_what_leaves_the_bounds():
    search = MuPlusLambda([[0.0, 1.0]], population=2000, start=0.0, sigma=1.0)
    children = search.ask()[1000:]
    assert children.min() > 0 and children.max() < 1
    # Clipping would pile them up at 0, where half of the steps lead beyond.
    assert len(np.unique(children)) == 1000


def test_step_sizes_have_a_floor():
    search = MuPlusLambda([[-np.inf, np.inf]], population=20)
    for _ in range(200):
        population = search.ask()
        search.tell(population, np.abs(population[:, 0]))
    assert search.sigma.min() >= 0.01


def test_finds_a_minimum_and_repeats():
    def run(seed):
        search = MuPlusLambda([[-5, 5], [0.01, 3]], population=20, seed=seed)
        for _ in range(60):
            population = search.ask()
            search.tell(population, ((population - [2, 0.5]) ** 2).sum(1))
        return search.x.mean(0)

    np.testing.assert_allclose(run(0), [2, 0.5], atol=0.05)
    np.testing.assert_array_equal(run(0), run(0))
    assert (run(0) != run(1)).any()


def test_odd_populations_are_refused():
    with pytest.raises(ValueError, match="Received: population=5"):
        MuPlusLambda([[0, 1]], population=5)
