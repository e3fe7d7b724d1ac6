import keras
import numpy as np
import pytest
from sklearn.svm import SVC

from kgan.turing import KerasGenerator, TuringLearning


def affine():
    return keras.Sequential([keras.Input([1]), keras.layers.Dense(1)])


def test_parameters_are_the_weights():
    model = affine()
    before = model.get_weights()
    generator = KerasGenerator(model, limit=5.0)
    assert generator.n_params == 2 and generator.bounds.tolist() == [[-5, 5]] * 2
    samples = generator.sample(np.array([0.5, 2.0]), 3, np.random.default_rng(0))
    z = np.random.default_rng(0).standard_normal((3, 1))
    np.testing.assert_allclose(samples, 0.5 * z + 2.0, rtol=1e-6)
    np.testing.assert_array_equal(before[0], model.get_weights()[0])


@pytest.mark.slow
def test_evolves_against_a_black_box_judge():
    data = np.random.default_rng(0).normal(2, 0.5, 2000)
    learning = TuringLearning(
        KerasGenerator(affine()), SVC(), "cma", mode="shared", population=8
    )
    learning.fit(data, 30, progress=False)
    scale, shift = learning.best_params_
    assert abs(scale) == pytest.approx(0.5, abs=0.12)  # either sign is the same
    assert shift == pytest.approx(2, abs=0.12)
