"""Synthetic distributions with known densities: what a diagnosis is checked against."""

import dataclasses

import numpy as np

from kgan._core.errors import invalid, one_of
from kgan.data.samples import Samples


@dataclasses.dataclass(frozen=True, eq=False)
class GaussianMixture:
    """Equal Gaussians around known centres.

    Attributes:
        centres: Array `[K, d]`.
        sigma: Standard deviation of every coordinate within a mode.
        name: Name of the data set.

    Example:

    >>> ring = kgan.data.ring()
    >>> ring.sample(1000, seed=0).shape
    (1000, 2)
    >>> ring.sample(1000, modes=[0]).std()  # one mode of eight, a collapsed sampler
    """

    centres: np.ndarray
    sigma: float
    name: str = "mixture"

    def sample(self, num_samples, seed=0, modes=None):
        """Draws points.

        Args:
            num_samples: Number of points.
            seed: Integer from 0.
            modes: Indices of the modes to draw from; all by default.

        Returns:
            float32 `[num_samples, d]`.
        """
        rng = np.random.default_rng(seed)
        centres = self.centres if modes is None else self.centres[modes]
        chosen = centres[rng.integers(len(centres), size=num_samples)]
        noise = rng.normal(scale=self.sigma, size=chosen.shape)
        return (chosen + noise).astype(np.float32)

    def density(self, x):
        """Returns the density at points `[N, d]`, float64 `[N]`."""
        x = np.asarray(x, np.float64)
        squares = ((x[:, None] - self.centres[None]) ** 2).sum(axis=2)
        scale = (2 * np.pi * self.sigma**2) ** (x.shape[1] / 2)
        return np.exp(-0.5 * squares / self.sigma**2).mean(axis=1) / scale


def ring(modes=8, radius=1.0, sigma=0.01):
    """Returns Gaussians evenly spaced on a circle.

    Args:
        modes: Number of Gaussians.
        radius: Radius of the circle.
        sigma: Standard deviation of each Gaussian.

    Returns:
        A `GaussianMixture`.

    Reference:

    - [Srivastava et al., 2017](https://arxiv.org/abs/1705.07761)
    """
    angle = 2 * np.pi * np.arange(modes) / modes
    centres = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return GaussianMixture(centres, sigma, "ring")


def grid(side=5, spacing=2.0, sigma=0.05):
    """Returns Gaussians on a square grid around 0; by default 25 on {-4, -2, 0, 2, 4}².

    Args:
        side: Gaussians along each axis.
        spacing: Distance of neighbours.
        sigma: Standard deviation of each Gaussian.

    Returns:
        A `GaussianMixture`.

    Reference:

    - [Srivastava et al., 2017](https://arxiv.org/abs/1705.07761)
    """
    axis = spacing * (np.arange(side) - (side - 1) / 2)
    centres = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    return GaussianMixture(centres, sigma, "grid")


def gaussian_pair(mean=1.0, sigma=1.0):
    """Returns N(0, 1) and N(mean, sigma²) on the line.

    The pair on which the value, the divergences and the optimal discriminator
    p / (p + q) of a game can be computed by quadrature.

    Args:
        mean: Mean of the second Gaussian.
        sigma: Its standard deviation.

    Returns:
        Two `GaussianMixture`s of one mode.
    """
    return (
        GaussianMixture(np.array([[0.0]]), 1.0, "p"),
        GaussianMixture(np.array([[mean]]), sigma, "q"),
    )


def swiss_roll(num_samples, noise=0.25, seed=0):
    """Draws points of the plane's swiss roll, a spiral of 1.5 turns.

    Args:
        num_samples: Number of points.
        noise: Standard deviation around the spiral before the division by 7.5, which
            brings the spiral to a radius of about 2.
        seed: Integer from 0.

    Returns:
        float32 `[num_samples, 2]`.
    """
    from sklearn.datasets import make_swiss_roll

    points, _ = make_swiss_roll(num_samples, noise=noise, random_state=seed)
    return (points[:, [0, 2]] / 7.5).astype(np.float32)


def read_points(name, split="train", image_shape=None, resize="crop"):
    """Reads "ring", "grid" or "swiss_roll": 100,000 points to train, 2,500 to test."""
    sizes = {"train": (100_000, 0), "test": (2_500, 1)}
    one_of("split", split, sizes)
    if image_shape is not None:
        raise invalid(
            "Points are no images, so no `image_shape`.",
            {"image_shape": image_shape},
            "Leave it out.",
        )
    num_samples, seed = sizes[split]
    if name == "swiss_roll":
        x = swiss_roll(num_samples, seed=seed)
    else:
        x = {"ring": ring, "grid": grid}[name]().sample(num_samples, seed)
    return Samples(x, name=name, licence="none needed: drawn by kgan")
