import numpy as np
import pytest

from kgan.explore import interpolate
from kgan.latents import PRIORS, latents


def test_spherical_way_is_a_quarter_of_the_unit_circle():
    way = interpolate([1.0, 0.0], [0.0, 1.0], steps=4)
    angles = np.radians([0, 30, 60, 90])
    expected = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(way, expected, atol=1e-6)
    assert way.dtype == "float32"


def test_linear_way():
    way = interpolate([0.0, 2.0], [1.0, 0.0], steps=3, method="linear")
    np.testing.assert_allclose(way, [[0, 2], [0.5, 1], [1, 0]])


def test_codes_keep_their_typical_length_unlike_on_a_straight_way():
    """Between independent normal codes the straight middle has length √(D / 2)."""
    start, end = latents("normal", 400, 100, seed=0).reshape(2, 200, 100)
    lengths = {
        method: np.linalg.norm(interpolate(start, end, 3, method=method)[:, 1], axis=1)
        for method in ("spherical", "linear")
    }
    assert np.isclose(lengths["spherical"].mean(), 10.0, rtol=0.02)
    assert np.isclose(lengths["linear"].mean(), 50**0.5, rtol=0.02)


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("method", ["auto", "linear", "spherical"])
def test_codes_stay_where_the_prior_draws_them(prior, method):
    start, end = latents(prior, 40, 6, seed=1).reshape(2, 20, 6)
    way = interpolate(start, end, 9, prior, method)
    assert way.shape == (20, 9, 6)
    np.testing.assert_allclose(way[:, 0], start, atol=1e-5)
    np.testing.assert_allclose(way[:, -1], end, atol=1e-5)
    bound = {"uniform": 1, "truncated_normal": 2}.get(prior, np.inf)
    assert np.abs(way).max() <= bound
    if prior == "sphere":
        np.testing.assert_allclose(np.linalg.norm(way, axis=-1), 6**0.5, rtol=1e-5)


def test_equal_and_parallel_codes():
    np.testing.assert_allclose(interpolate([1.0, 2.0], [1.0, 2.0], 3), [[1, 2]] * 3)
    np.testing.assert_allclose(interpolate([1.0], [3.0], 3), [[1], [2], [3]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 0.0], [1.0], 3), "same shape"),
        (([1.0, 0.0], [-1.0, 0.0], 3), "opposite codes"),
        (([1.0, 0.0], [0.0, 1.0], 1), "steps=1"),
        (([1.0], [2.0], 3, "normal", "cubic"), "method='cubic'"),
        (([1.0], [2.0], 3, "cauchy"), "prior='cauchy'"),
    ],
)
def test_mistakes(arguments, message):
    with pytest.raises(ValueError, match=message):
        interpolate(*arguments)
