import pytest

import kgan
from kgan.random import seeded_initializers


@pytest.fixture
def small_game():
    """Returns a function that builds a game over points in the plane."""

    def build(**options):
        with seeded_initializers(0):
            return kgan.GAN(
                kgan.networks.mlp.generator((2,), latent_dim=4, width=8),
                kgan.networks.mlp.discriminator((2,), width=8),
                **options,
            )

    return build
