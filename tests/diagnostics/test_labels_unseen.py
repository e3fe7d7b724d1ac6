"""Games whose discriminator sees no label, though the generator does."""

import numpy as np
import pytest

import kgan
from kgan.diagnostics import duality_gap, optimal_discriminator
from kgan.diagnostics.arrays import of_game
from kgan.diagnostics.players import logits
from kgan.objectives import Classification, MutualInformation

X = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")
Y = np.arange(32) % 3


def game(objective):
    gan = kgan.GAN(
        kgan.networks.mlp.generator((2,), 4, 4, num_classes=3),
        kgan.networks.mlp.discriminator((2,), 4, heads=objective.heads(3)),
    )
    gan.compile(objectives=[objective])
    return gan


def test_labels_that_a_game_draws_take_turns():
    gan = game(MutualInformation(categories=3))
    for inputs in ([X], [X, Y + 90]):  # classes are no codes
        x, labels = of_game(gan, inputs)
        assert x is X and labels.tolist() == Y.tolist()


def test_logits_without_labels():
    discriminator = game(Classification()).discriminator
    with_, without = (logits(discriminator, inputs) for inputs in ([X, Y], [X]))
    np.testing.assert_array_equal(with_, without)


@pytest.mark.slow
@pytest.mark.parametrize(
    "objective, real",
    [(Classification(), (X, Y)), (MutualInformation(categories=3), X)],
)
def test_gap(objective, real):
    gan = game(objective)
    found = duality_gap(gan, real, steps=1, batch_size=8)
    assert np.isfinite(found.value) and found.gap >= 0
    fake = gan.generate(32, labels=Y)
    best = optimal_discriminator((X, Y), (fake, Y), gan.discriminator, steps=1)
    assert np.isfinite(best.value)


def test_labels_of_the_data_are_still_asked_for():
    with pytest.raises(ValueError, match="needs labels"):
        duality_gap(game(Classification()), X, steps=1)
