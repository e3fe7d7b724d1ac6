import numpy as np
import pytest

from kgan.explore import arithmetic, direction, move, truncate


def test_sum_of_means():
    code = arithmetic([[1.0, 2.0], [[0.0, 1.0], [4.0, 3.0]]], [[0.5, 0.5]])
    np.testing.assert_allclose(code, [2.5, 3.5])
    assert code.dtype == "float32"


def test_result_lies_where_the_prior_draws():
    np.testing.assert_allclose(
        arithmetic([[1.0, 0.5], [1.0, 0.0]], prior="uniform"), [1.0, 0.5]
    )
    on_sphere = arithmetic([[3.0, 0.0], [0.0, 4.0]], prior="sphere")
    np.testing.assert_allclose(on_sphere, np.array([0.6, 0.8]) * 2**0.5, rtol=1e-6)


def test_direction_is_the_difference_of_means():
    codes = [[0.0, 0.0], [2.0, 0.0], [1.0, 3.0], [1.0, 5.0]]
    np.testing.assert_allclose(direction(codes, [False, False, True, True]), [0.0, 4.0])


def test_direction_finds_a_linear_attribute():
    """For normal codes it is that of the attribute's weights, wherever it is cut."""
    rng = np.random.default_rng(0)
    codes, weights = rng.normal(size=(20000, 8)), rng.normal(size=8)
    found = direction(codes, codes @ weights > 1.0)
    cosine = found @ weights / np.linalg.norm(found) / np.linalg.norm(weights)
    assert cosine > 0.99


def test_moves():
    moved = move([[0.0, 1.0], [1.0, 1.0]], [0.0, 2.0], [-1, 0, 0.5])
    np.testing.assert_allclose(
        moved, [[[0, -1], [0, 1], [0, 2]], [[1, -1], [1, 1], [1, 2]]]
    )
    np.testing.assert_allclose(move([0.5], [1.0], [9], prior="uniform"), [[1.0]])


def test_truncation_scales_codes():
    codes = truncate("normal", np.float32([[2.0, -4.0]]), 0.5)
    np.testing.assert_allclose(codes, [[1.0, -2.0]])


def test_mistakes():
    with pytest.raises(ValueError, match="a code to add"):
        arithmetic([])
    for present in ([True, True], [False, False], [True]):
        with pytest.raises(ValueError, match="some must have it"):
            direction([[0.0], [1.0]], present)
