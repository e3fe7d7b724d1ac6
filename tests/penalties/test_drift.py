import numpy as np

from kgan.penalties import Drift


def test_squared_logits_of_real_samples():
    real, fake = np.array([[3.0], [-2.0]]), np.array([[7.0], [7.0]])
    np.testing.assert_allclose(Drift()(lambda x: x, real, fake), [9.0, 4.0])
    assert Drift().weight == 0.001
