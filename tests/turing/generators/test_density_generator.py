import numpy as np
import pytest
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from kgan.turing import DensityGenerator


def test_mixture_samples_with_the_given_means_and_spreads():
    points = np.random.default_rng(0).normal(size=(200, 2))
    mixture = GaussianMixture(2, covariance_type="diag", random_state=0).fit(points)
    mixture.weights_ = np.array([0.25, 0.75])
    before = mixture.means_.copy()
    generator = DensityGenerator(
        mixture, {"means_": (-9, 9), "covariances_": (0.01, 4)}
    )
    assert generator.n_params == 8
    assert generator.bounds[0].tolist() == [-9, 9]
    assert generator.bounds[7].tolist() == [0.01, 4]
    theta = np.array([-5, 0, 5, 1, 0.01, 0.01, 0.04, 0.04])
    samples = generator.sample(theta, 4000, np.random.default_rng(0))
    left = samples[:, 0] < 0
    assert left.mean() == pytest.approx(0.25, abs=0.03)
    np.testing.assert_allclose(samples[left].mean(0), [-5, 0], atol=0.02)
    np.testing.assert_allclose(samples[~left].mean(0), [5, 1], atol=0.02)
    np.testing.assert_allclose(samples[~left].std(0), 0.2, atol=0.01)
    assert left[:200].any() and not left[:200].all()  # in no order
    np.testing.assert_array_equal(mixture.means_, before)
    again = generator.sample(theta, 4000, np.random.default_rng(0))
    np.testing.assert_array_equal(samples, again)


def test_kernel_density_samples_with_the_given_bandwidth():
    model = KernelDensity(bandwidth=1.0).fit(np.zeros((10, 1)))
    generator = DensityGenerator(model, {"bandwidth_": (0.01, 2)})
    samples = generator.sample(np.array([0.3]), 4000, np.random.default_rng(0))
    assert samples.std() == pytest.approx(0.3, abs=0.01)


def test_unknown_attributes_are_refused():
    model = KernelDensity().fit(np.zeros((10, 1)))
    with pytest.raises(ValueError, match="must name fitted attributes"):
        DensityGenerator(model, {"means_": (0, 1)})
