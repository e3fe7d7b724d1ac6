import numpy as np
import pytest

import kgan


def test_ring_has_eight_modes_on_the_unit_circle():
    ring = kgan.data.ring()
    np.testing.assert_allclose(np.hypot(*ring.centres.T), 1.0)
    gaps = np.linalg.norm(ring.centres - np.roll(ring.centres, 1, axis=0), axis=1)
    np.testing.assert_allclose(gaps, 2 * np.sin(np.pi / 8))
    assert (len(ring.centres), ring.sigma) == (8, 0.01)


def test_grid_has_25_modes():
    grid = kgan.data.grid()
    axis = [-4, -2, 0, 2, 4]
    expected = {(x, y) for x in axis for y in axis}
    assert set(map(tuple, grid.centres.tolist())) == expected
    assert grid.sigma == 0.05


def test_moments_of_a_mixture():
    points = kgan.data.grid().sample(50_000, seed=1)
    assert points.dtype == np.float32
    # Variance 8 of {-4, …, 4}, and that of a mode.
    np.testing.assert_allclose(points.var(axis=0), 8 + 0.05**2, rtol=0.02)
    np.testing.assert_allclose(points.mean(axis=0), 0.0, atol=0.05)


def test_chosen_modes_alone_are_drawn():
    ring = kgan.data.ring()
    points = ring.sample(500, modes=[2, 5])
    distance = np.linalg.norm(points[:, None] - ring.centres, axis=2)
    assert set(distance.argmin(axis=1)) == {2, 5}


def test_density_integrates_to_one():
    _, q = kgan.data.gaussian_pair(mean=2.0, sigma=0.5)
    x = np.linspace(-8, 8, 4001)[:, None]
    assert np.trapezoid(q.density(x), x[:, 0]) == pytest.approx(1.0)
    # At its mean, 1 / (sigma √2π).
    assert q.density([[2.0]])[0] == pytest.approx(2 / np.sqrt(2 * np.pi))
    axis = np.linspace(-1.5, 1.5, 301)
    plane = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mixture = kgan.data.ring(sigma=0.1)
    assert mixture.density(plane).sum() * 0.01**2 == pytest.approx(1.0, abs=1e-3)


def test_same_seed_same_points():
    ring = kgan.data.ring()
    np.testing.assert_array_equal(ring.sample(10, seed=3), ring.sample(10, seed=3))
    assert not np.array_equal(ring.sample(10, seed=3), ring.sample(10, seed=4))


@pytest.mark.parametrize("name", ["ring", "grid", "swiss_roll"])
def test_names_are_read(name):
    train, test = (kgan.data.read(name, split) for split in ("train", "test"))
    assert (len(train), len(test), train.shape) == (100_000, 2_500, (2,))
    assert train.y is None
    assert np.abs(train.x).max() < 5


def test_points_have_no_image_shape():
    with pytest.raises(ValueError, match="no `image_shape`"):
        kgan.data.read("ring", image_shape=(8, 8, 1))
