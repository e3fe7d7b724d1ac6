"""What a generator made must be found back."""

import keras
import numpy as np
import pytest

import kgan
from kgan._core.random import seeded_initializers
from kgan.explore import project
from kgan.latents import latents

SHAPE = (8, 8, 1)


def generator(num_classes=None):
    with seeded_initializers(1):
        return kgan.networks.mlp.generator(SHAPE, 4, 32, num_classes=num_classes)


@pytest.mark.parametrize("prior", ["normal", "sphere", "uniform"])
def test_the_code_of_a_generated_sample_is_found_back(prior):
    model = generator()
    z = latents(prior, 3, 4, seed=9)
    samples = np.asarray(model(z))
    found = project(model, samples, prior=prior, prior_weight=0.0, steps=150)
    assert found.errors.max() < 1e-4
    np.testing.assert_allclose(found.codes, z, atol=0.05)
    np.testing.assert_allclose(found.samples, samples, atol=0.05)
    np.testing.assert_allclose(
        found.errors, np.square(found.samples - samples).mean((1, 2, 3)), rtol=1e-3
    )


def test_of_several_starts_the_best_counts():
    samples = np.asarray(generator()(latents("normal", 4, 4, seed=9)))
    options = {"steps": 20, "prior_weight": 0.0}
    one = project(generator(), samples, restarts=1, **options)
    many = project(generator(), samples, restarts=5, **options)
    assert (many.errors <= one.errors + 1e-6).all()
    assert many.errors.sum() < one.errors.sum()


def test_game_with_labels_features_and_progress():
    with seeded_initializers(1):
        gan = kgan.GAN(
            kgan.networks.mlp.generator(SHAPE, 4, 32, num_classes=3),
            kgan.networks.mlp.discriminator(SHAPE, 4, num_classes=3),
            prior="uniform",
        )
    samples, calls = gan.generate(3, seed=5), []
    # Rows' means alone: what is found agrees in them, more than in the pixels.
    found = project(
        gan,
        samples,
        labels=[0, 1, 2],
        features=lambda x: keras.ops.mean(x, axis=2),
        feature_weight=100.0,
        steps=100,
        progress=lambda: calls.append(1),
    )
    assert len(calls) == 100 and np.abs(found.codes).max() <= 1
    rows = np.square((found.samples - samples).mean(axis=2)).mean()
    assert rows < 1e-3
    np.testing.assert_allclose(
        gan.predict([found.codes, np.arange(3)], verbose=0), found.samples, atol=1e-5
    )


def test_a_weighty_prior_keeps_codes_small():
    samples = np.asarray(generator()(3 * latents("normal", 2, 4, seed=9)))
    free, kept = (
        project(generator(), samples, prior_weight=weight, steps=60, restarts=2)
        for weight in (0.0, 1.0)
    )
    assert np.linalg.norm(kept.codes) < 0.5 * np.linalg.norm(free.codes)


@pytest.mark.parametrize(
    ("num_classes", "change", "message"),
    [
        (None, {"samples": np.zeros((1, 4, 4, 1))}, "samples.shape"),
        (None, {"samples": np.zeros((1, *SHAPE), "uint8")}, "uint8"),
        (None, {"labels": 1}, "takes no labels"),
        (3, {}, "class of each sample"),
    ],
)
def test_mistakes(num_classes, change, message):
    options = {"samples": np.zeros((1, *SHAPE), "float32"), **change}
    with pytest.raises(ValueError, match=message):
        project(generator(num_classes), **options)


def test_conditions_are_kept():
    with seeded_initializers(1):
        gan = kgan.GAN(
            kgan.networks.mlp.generator(SHAPE, 4, 32, condition_dim=2),
            kgan.networks.mlp.discriminator(SHAPE, 4, condition_dim=2),
        )
    condition = np.array([[1.0, -1.0], [0.0, 2.0]], "float32")
    samples = gan.generate(2, seed=5, condition=condition)
    found = project(gan, samples, condition=condition, prior_weight=0.0, steps=150)
    assert found.errors.max() < 1e-3
    with pytest.raises(ValueError, match="finite numbers"):
        project(gan, samples)


def test_a_vae_is_projected_onto():
    with seeded_initializers(1):
        vae = kgan.VAE(
            kgan.networks.vae.encoder(SHAPE, latent_dim=2, hidden=[4]),
            kgan.networks.vae.decoder(SHAPE, latent_dim=2, hidden=[4]),
        )
    assert project(vae, vae.generate(2), steps=5).codes.shape == (2, 2)


def test_one_output_is_projected_onto():
    cogan = kgan.CoGAN(
        kgan.networks.cogan.generators(SHAPE, latent_dim=4, width=4),
        kgan.networks.cogan.discriminators(SHAPE, width=4),
    )
    with pytest.raises(ValueError, match="onto one output"):
        project(cogan, np.zeros((1, *SHAPE), "float32"))
