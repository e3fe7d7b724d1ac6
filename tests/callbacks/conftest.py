import collections

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


def build_gan(num_classes=None, learning_rate=1e-3, **options):
    """A compiled GAN of tiny networks for the digits; 8 steps an epoch."""
    gan = kgan.GAN(
        kgan.networks.mlp.generator(
            (8, 8, 1), latent_dim=4, width=16, num_classes=num_classes
        ),
        kgan.networks.mlp.discriminator((8, 8, 1), width=16, num_classes=num_classes),
    )
    gan.compile(
        keras.optimizers.Adam(learning_rate),
        keras.optimizers.Adam(learning_rate),
        **options,
    )
    return gan


class Reusable:
    """A compiled GAN that can be put back to how it was before its first step.

    Most of a short test is the tracing of the train step, which stays.
    """

    def __init__(self, key):
        self.gan = build_gan(key[0], key[1], **dict(key[2]))
        self.optimizers = dict(self.gan.optimizers)
        self.variables = list(self.gan.variables)
        for optimizer in self.optimizers.values():
            self.variables += optimizer.variables
        self.values = [variable.numpy() for variable in self.variables]
        self.settings = self._settings()

    def _settings(self):
        simple = bool, int, float, str
        return {k: v for k, v in vars(self.gan).items() if type(v) in simple}

    def reset(self):
        """Returns whether the game is the same again; not if it was compiled anew."""
        if dict(self.gan.optimizers) != self.optimizers:
            return False
        for variable, value in zip(self.variables, self.values, strict=True):
            variable.assign(value)
        for name, value in self._settings().items():
            if self.settings.get(name) != value:
                setattr(self.gan, name, self.settings.get(name))
        return True


@pytest.fixture(scope="session")
def kept_gans():
    """Lists of games that no test holds, by what they were made with."""
    return collections.defaultdict(list)


@pytest.fixture
def make_gan(kept_gans):
    """Makes a compiled GAN as `build_gan` does; games of plain settings are reused."""
    held = []

    def make(num_classes=None, learning_rate=1e-3, **options):
        plain = int, float, bool
        if not all(type(x) in plain for x in (learning_rate, *options.values())):
            return build_gan(num_classes, learning_rate, **options)
        key = num_classes, learning_rate, tuple(sorted(options.items()))
        one = kept_gans[key].pop() if kept_gans[key] else Reusable(key)
        held.append((key, one))
        return one.gan

    yield make
    for key, one in held:
        if one.reset():
            kept_gans[key].append(one)


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
