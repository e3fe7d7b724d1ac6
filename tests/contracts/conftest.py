import pytest

import kgan
from kgan._core.random import seeded_initializers

SHAPE = (8, 8, 1)


@pytest.fixture
def small_game():
    """Returns a function that builds a game over very small images."""

    def build(**options):
        with seeded_initializers(0):
            return kgan.GAN(
                kgan.networks.mlp.generator(SHAPE, latent_dim=4, width=8),
                kgan.networks.mlp.discriminator(SHAPE, width=8),
                **options,
            )

    return build
