import numpy as np
import pytest

from kgan.layers import MinibatchDeviation


def test_the_mean_deviation_of_neighbours_is_a_further_channel():
    """Groups (1, 3) and (5, 5): deviations 1 and 0 in one channel, 2 and 0 in another.

    The mean over the channels is 1.5 in the first group and 0 in the second.
    """
    x = np.array([[1, 2], [3, 6], [5, 5], [5, 5]], "float32").reshape(4, 1, 1, 2)
    result = MinibatchDeviation(2)(x).numpy()
    np.testing.assert_array_equal(result[..., :2], x)
    np.testing.assert_allclose(result[..., 2].ravel(), [1.5, 1.5, 0, 0], atol=2e-4)


@pytest.mark.parametrize(("count", "size"), [(6, 3), (5, 1), (8, 4)])
def test_groups_divide_the_batch(count, size):
    x = np.random.default_rng(0).normal(size=(count, 2, 2, 3)).astype("float32")
    expected = x.reshape(-1, size, 2, 2, 3).std(axis=1).mean(axis=(1, 2, 3))
    result = MinibatchDeviation(4)(x).numpy()[:, 1, 1, 3]
    np.testing.assert_allclose(result, np.repeat(expected, size), atol=2e-4)
