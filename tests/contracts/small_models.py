"""A small instance of every class of models, and data for it: discovered, not listed.

A new class must be given small settings here: without them its tests fail.
"""

import numpy as np

import kgan
from kgan.models import by_settings_name

SHAPE = (8, 8, 1)
COUNT = 32
RNG = np.random.default_rng(0)
X = np.tanh(RNG.normal(size=(COUNT, *SHAPE))).astype("float32")
CLASSES = 3
Y = np.arange(COUNT) % CLASSES
TINY = {"latent_dim": 4, "width": 4}
TINY_VAE = {"latent_dim": 4, "hidden": [8]}
GROWTH = {"fade_images": 16, "steady_images": 16}
SETTINGS = {
    "gan": ("mlp", {"generator": TINY, "discriminator": {"width": 4}}),
    "bigan": (
        "bigan",
        {"generator": TINY, "discriminator": {"width": 4}, "encoder": {"width": 4}},
    ),
    "cogan": ("cogan-small", {"generator": TINY, "discriminator": {"width": 4}}),
    "progressive": (
        "progressive-small",
        {"generator": TINY, "discriminator": {"width": 4}, "growth": GROWTH},
    ),
    "vae": ("vae", {"encoder": TINY_VAE, "decoder": TINY_VAE}),
}
NAMES = sorted(by_settings_name())


def small(name, num_classes=None, **changes):
    """Returns a small compiled model of a class."""
    assert name in SETTINGS, f"give {name} small settings in tests/contracts"
    preset, overrides = SETTINGS[name]
    options = {**overrides, "batch_size": 8, "decay": "none", **changes}
    model = kgan.from_preset(preset, SHAPE, num_classes, **options)
    assert model.settings_name == name
    return model


def fit(model, steps, y=None, **options):
    """Trains a model for some steps on fixed data."""
    x = X if model.domains is None else tuple(X * (-1) ** i for i in range(2))
    return model.fit(
        x, y, batch_size=8, epochs=1, steps_per_epoch=steps, verbose=0, **options
    ).history


def takes_classes(name):
    """Whether the class has conditional presets."""
    return kgan.presets.settings(SETTINGS[name][0], SHAPE)["conditional"]
