"""What the callback finds in games whose state is known: samplers of the ring."""

import math
import warnings

import keras
import numpy as np
import pytest
from keras import ops

import kgan
from kgan.callbacks import Diagnose
from kgan.data import Samples
from kgan.diagnostics import value_function

RING = kgan.data.ring()
HELD_OUT = RING.sample(1000, seed=1)
TRAIN = RING.sample(5000, seed=2)


@keras.saving.register_keras_serializable(package="test_diagnose")
class Replay(keras.layers.Layer):
    """Draws from given points by the quantile of a normal code."""

    def __init__(self, points, **options):
        super().__init__(**options)
        self.points = self.add_weight(np.shape(points))
        self.points.assign(points)

    def get_config(self):
        return {**super().get_config(), "points": self.points.numpy().tolist()}

    def call(self, z):
        share = (1 + ops.erf(z[:, 0] / math.sqrt(2))) / 2
        index = ops.cast(share * (self.points.shape[0] - 1), "int32")
        return ops.take(self.points, index, axis=0)


def game(points):
    """A generator that gives these points."""
    z = keras.Input((3,))
    discriminator = kgan.networks.mlp.discriminator((2,), width=8)
    gan = kgan.GAN(keras.Model(z, Replay(points)(z)), discriminator, ema_decay=0)
    gan.compile()
    return gan


def look(gan, step=1000, **options):
    """Returns the scores of one diagnosis, and the warnings."""
    diagnose = Diagnose(HELD_OUT, TRAIN, RING, **options)
    diagnose.set_model(gan)
    logs = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        diagnose.on_step(step, logs)
        diagnose.on_step(step, logs)
    assert diagnose.scores == 2 * [{"step": step, **logs}]
    return logs, [str(warning.message) for warning in caught]


def test_the_true_distribution_is_sound():
    gan = game(RING.sample(20_000, seed=3))
    scores, told = look(gan)
    assert told == []
    assert scores["modes"] == 8 and scores["quality"] > 0.97
    assert scores["reverse_kl"] < 0.02
    assert scores["density"] == pytest.approx(1.0, abs=0.1)
    assert scores["coverage"] > 0.95
    assert scores["relative_support"] == pytest.approx(1.0, abs=0.2)
    assert scores["copies"] == pytest.approx(0.01, abs=0.015)
    fake = gan.generate(1000)
    expected = value_function(gan.discriminator, HELD_OUT, fake)
    assert scores["value"] == pytest.approx(expected)


def test_collapse_is_told_once_and_not_at_the_start():
    points = RING.sample(20_000, seed=3, modes=[0, 1])
    scores, told = look(game(points))
    assert scores["coverage"] == pytest.approx(0.25, abs=0.05)
    assert scores["relative_support"] == pytest.approx(0.25, rel=0.25)
    assert len(told) == 1 and "At step 1000 the samples reach only 2" in told[0]
    assert look(game(points), step=499)[1] == []


def test_copies_are_told():
    scores, told = look(game(TRAIN))
    assert scores["copies"] == 1.0
    assert len(told) == 1 and "the generator copies" in told[0]


def test_samples_that_are_not_finite():
    scores, told = look(game(np.full((10, 2), np.nan)))
    assert scores == {}
    assert len(told) == 1 and "the game diverged" in told[0]


def test_scores_join_the_history_of_a_conditional_game(make_gan, train, digit_images):
    def features(images):
        return images.reshape(len(images), -1)[:, 16:32]

    images, labels = digit_images
    diagnose = Diagnose(
        Samples(images, labels), images, features=features, every=2, num_samples=200
    )
    gan = make_gan(num_classes=10, run_eagerly=True)
    history = train(gan, diagnose, steps_per_epoch=4).history
    assert [entry["step"] for entry in diagnose.scores] == [2, 4]
    last = diagnose.scores[-1]
    assert {"value", "coverage", "relative_support", "copies"} < set(last)
    assert history["value"] == [last["value"]]
    assert diagnose.best("coverage", "max") in diagnose.scores


def test_mistakes_come_before_training(make_gan, train, digit_images):
    images, _ = digit_images
    with pytest.raises(ValueError, match="at least 100 held-out"):
        Diagnose(images[:99])
    with pytest.raises(ValueError, match="needs labels"):
        train(make_gan(num_classes=10), Diagnose(images))


@pytest.mark.parametrize("kind", ["vae", "cogan", "attributes"])
def test_only_discriminators_of_samples_are_asked(kind, digit_images):
    images, _ = digit_images
    callbacks = [Diagnose(images)]
    networks = kgan.networks
    if kind == "vae":
        model = kgan.VAE(
            networks.vae.encoder((8, 8, 1), latent_dim=2, hidden=[4]),
            networks.vae.decoder((8, 8, 1), latent_dim=2, hidden=[4]),
        )
        model.compile()
        data = (images,)
    elif kind == "cogan":
        model = kgan.CoGAN(
            networks.cogan.generators((8, 8, 1), latent_dim=4, width=4),
            networks.cogan.discriminators((8, 8, 1), width=4),
        )
        model.compile()
        data = ((images, images),)
    else:
        model = kgan.GAN(
            networks.mlp.generator((8, 8, 1), 4, 8, condition_dim=2),
            networks.mlp.discriminator((8, 8, 1), 8, condition_dim=2),
        )
        model.compile()
        data = (images, images[:, 0, :2, 0])
    with pytest.raises(ValueError, match="a discriminator of samples"):
        model.fit(*data, callbacks=callbacks, verbose=0)
