import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import kgan
from kgan.turing import KerasJudge


def build(shape):
    return kgan.networks.mlp.discriminator(shape, width=16)


def test_tells_what_can_be_told_and_repeats_from_fresh_weights():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(0, 1, (100, 2)), rng.normal(3, 1, (100, 2))])
    y = np.repeat([1, 0], 100)
    judge = KerasJudge(
        build, epochs=8, batch_size=20, learning_rate=1e-2, random_state=3
    )
    first = judge.fit(x, y).predict_proba(x)
    np.testing.assert_allclose(first.sum(1), 1)
    assert judge.score(x, y) > 0.95
    assert judge.predict(x[:1]).tolist() == [1]
    np.testing.assert_array_equal(clone(judge).fit(x, y).predict_proba(x), first)


@pytest.mark.slow
def test_judges_a_black_box():
    normal = kgan.turing.CallableGenerator(
        lambda theta, n, rng: rng.normal(*theta, n), [(-5, 5), (0.05, 3)]
    )
    data = np.random.default_rng(0).normal(2, 0.5, 2000)
    learning = kgan.turing.TuringLearning(
        normal,
        make_pipeline(StandardScaler(), KerasJudge(build)),
        optimizer="cma",
        mode="shared",
        population=8,
    )
    learning.fit(data, 16, progress=False)
    np.testing.assert_allclose(learning.best_params_, [2, 0.5], atol=0.2)
