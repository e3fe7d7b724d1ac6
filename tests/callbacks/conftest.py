import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits

import kgan


@pytest.fixture(scope="session")
def digit_images():
    """256 of scikit-learn's digits: float32 [256, 8, 8, 1] in [-1, 1], and labels."""
    data = load_digits()
    images = (data.images[:256, ..., None] / 8.0 - 1.0).astype(np.float32)
    return images, data.target[:256].astype(np.int64)


@pytest.fixture
def make_gan():
    """Makes a compiled GAN of tiny networks for the digits; 8 steps an epoch."""

    def make(num_classes=None, learning_rate=1e-3, **options):
        gan = kgan.GAN(
            kgan.networks.mlp.generator(
                (8, 8, 1), latent_dim=4, width=16, num_classes=num_classes
            ),
            kgan.networks.mlp.discriminator(
                (8, 8, 1), width=16, num_classes=num_classes
            ),
        )
        gan.compile(
            keras.optimizers.Adam(learning_rate),
            keras.optimizers.Adam(learning_rate),
            **options,
        )
        return gan

    return make


@pytest.fixture
def train(digit_images):
    """Trains a GAN on the digits, 32 a batch, up to an epoch of 8 steps each."""

    def fit(gan, *callbacks, epochs=1, **options):
        images, labels = digit_images
        return gan.fit(
            images,
            labels if gan.num_classes else None,
            batch_size=32,
            epochs=epochs,
            callbacks=list(callbacks),
            verbose=0,
            **options,
        )

    return fit
