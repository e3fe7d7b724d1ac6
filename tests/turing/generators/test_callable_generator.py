import numpy as np

from kgan.turing import CallableGenerator


def test_gives_what_the_function_gives_as_columns():
    generator = CallableGenerator(
        lambda theta, n, rng: theta[0] * np.arange(n), [(0, 9)]
    )
    assert generator.n_params == 1
    samples = generator.sample(np.array([2.0]), 3, np.random.default_rng(0))
    assert samples.tolist() == [[0.0], [2.0], [4.0]]


def test_passes_a_query_on_only_when_there_is_one():
    def function(theta, n, rng, query):
        return query(np.zeros((n, 1)))

    generator = CallableGenerator(function, [(0, 9)])
    samples = generator.sample(np.array([2.0]), 2, None, query=lambda seen: seen + 1)
    assert samples.tolist() == [[1.0], [1.0]]
