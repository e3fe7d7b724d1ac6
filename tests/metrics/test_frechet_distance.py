import numpy as np
import pytest
import scipy.linalg

from kgan.metrics import FeatureStatistics, frechet_distance, frechet_interval


def with_moments(mean, covariance, count=64, seed=0):
    """Samples whose mean and covariance (over N - 1) are exactly the given ones."""
    mean, covariance = np.asarray(mean, float), np.asarray(covariance, float)
    x = np.random.default_rng(seed).normal(size=(count, len(mean)))
    x -= x.mean(axis=0)
    whiten = np.linalg.cholesky(np.linalg.inv(np.cov(x, rowvar=False)))
    return mean + x @ whiten @ np.linalg.cholesky(covariance).T


def by_sqrtm(x, y):
    """The formula of the paper through scipy.linalg.sqrtm."""
    c1, c2 = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    shift = np.sum((x.mean(axis=0) - y.mean(axis=0)) ** 2)
    root = scipy.linalg.sqrtm(c1 @ c2)
    return shift + np.trace(c1 + c2 - 2.0 * root.real)


def test_diagonal_gaussians_by_hand():
    real = with_moments([0, 0], [[1, 0], [0, 4]])
    fake = with_moments([1, 2], [[9, 0], [0, 16]], seed=1)
    # |(1, 2)|² + (1 - 3)² + (2 - 4)² = 5 + 4 + 4
    assert frechet_distance(real, fake) == pytest.approx(13.0, rel=1e-10)


def test_one_dimension_by_hand():
    # Means 2 and 5, standard deviations with N - 1: sqrt(2) and 2 sqrt(2).
    real, fake = np.array([[1.0], [3.0]]), np.array([[3.0], [7.0]])
    assert frechet_distance(real, fake) == pytest.approx(9.0 + 2.0, rel=1e-12)


def test_correlated_gaussians_with_commuting_covariances():
    # Both have eigenvectors (1, 1) and (1, -1), with eigenvalues 3, 1 and 5, 3.
    real = with_moments([0, 0], [[2, 1], [1, 2]])
    fake = with_moments([0, 0], [[4, 1], [1, 4]], seed=1)
    expected = (3**0.5 - 5**0.5) ** 2 + (1 - 3**0.5) ** 2
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("n", "m"), [(200, 300), (20, 300), (300, 20), (20, 30)])
def test_equals_sqrtm_on_both_sides_of_full_rank(n, m):
    rng = np.random.default_rng(n + m)
    mix = rng.normal(size=(40, 40))
    real = rng.normal(size=(n, 40)) @ mix
    fake = rng.normal(size=(m, 40)) * 1.5 + 0.3
    assert frechet_distance(real, fake) == pytest.approx(by_sqrtm(real, fake), rel=1e-6)


@pytest.mark.parametrize("n", [30, 300])
def test_symmetric_and_zero_for_equal_sets(n):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, 50)), rng.exponential(size=(100, 50))
    assert frechet_distance(x, x) == pytest.approx(0.0, abs=1e-6)
    assert frechet_distance(x, y) == pytest.approx(frechet_distance(y, x), rel=1e-9)


def test_statistics_are_reusable_and_exact():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(10, 30)), rng.normal(size=(80, 30))
    for features in (x, y):
        statistics = FeatureStatistics(features)
        covariance = np.cov(features, rowvar=False)
        np.testing.assert_allclose(statistics.covariance, covariance, atol=1e-12)
        np.testing.assert_allclose(
            statistics.root.T @ statistics.root, covariance, atol=1e-12
        )
    kept = FeatureStatistics(x)
    assert frechet_distance(kept, y) == frechet_distance(x, y)
    assert frechet_distance(kept, y) == frechet_distance(kept, FeatureStatistics(y))


def test_features_of_zero_variance():
    x = np.zeros((10, 3))
    assert frechet_distance(x, x + 2.0) == pytest.approx(12.0)


def test_float32_features_far_from_zero_keep_float64_precision():
    rng = np.random.default_rng(0)
    x = (1000.0 + 1e-2 * rng.normal(size=(500, 8))).astype(np.float32)
    y = (1000.0 + 1e-2 * rng.normal(size=(500, 8))).astype(np.float32)
    expected = by_sqrtm(x.astype(np.float64), y.astype(np.float64))
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    "features", [np.zeros((1, 3)), np.zeros(3), np.full((4, 3), np.nan)]
)
def test_refuses_unusable_features(features):
    with pytest.raises(ValueError, match="N of 2 or more"):
        frechet_distance(features, np.zeros((4, 3)))


def test_refuses_different_dimensions():
    with pytest.raises(ValueError, match="real=3, fake=2"):
        frechet_distance(np.zeros((4, 3)), np.zeros((4, 2)))


def test_interval_holds_the_distances_of_other_sets():
    """It is as wide as 95 % of the distances of 100 pairs of sets."""
    rng = np.random.default_rng(0)

    def pair():
        return rng.normal(0, 1, (400, 4)), rng.normal(0.5, 1, (300, 4))

    others = np.array([frechet_distance(*pair()) for _ in range(100)])
    widths = np.array([np.ptp(frechet_interval(*pair())) for _ in range(10)])
    assert widths.mean() == pytest.approx(2 * 1.96 * others.std(), rel=0.2)
    low, high = frechet_interval(*pair())
    assert low < np.median(others) < high


def test_interval_is_seeded_and_not_below_zero():
    same = np.random.default_rng(0).normal(size=(50, 3))
    low, high = frechet_interval(same, same)
    assert [low, high] == frechet_interval(same, same)
    assert low == 0.0 < high
