"""Which labels a game plays with, and what it refuses."""

import numpy as np
import pytest

import kgan
from kgan.objectives import Classification, MutualInformation, SemiSupervised

SHAPE = (2,)
X = np.zeros((8, *SHAPE), "float32")
Y = np.arange(8) % 3


def game(classes, *objectives, judged="none", heads=None, **options):
    heads = heads or {k: n for o in objectives for k, n in o.heads(3).items()}
    gan = kgan.GAN(
        kgan.networks.mlp.generator(SHAPE, 4, 4, num_classes=classes),
        kgan.networks.mlp.discriminator(
            SHAPE, 4, num_classes=classes, conditioning=judged, heads=heads
        ),
    )
    gan.compile(objectives=objectives, run_eagerly=True, **options)
    return gan


class Spy(MutualInformation):
    def generator_loss(self, fake, label=None, z=None):
        self.seen.append(np.asarray(label))
        return super().generator_loss(fake, label, z)


def spied(gan):
    spy = Spy.from_config(gan.objectives[0].get_config())
    spy.seen = []
    gan.objectives = [spy]
    gan.trackers["spy"] = gan.trackers["mutual_information"]
    return spy.seen


def test_codes_of_infogan_are_drawn_uniformly_and_anew():
    objective = MutualInformation(categories=4)
    gan = game(4, objective)
    assert gan.draws_labels and gan.data_classes is None and gan.num_classes == 4
    seen = spied(gan)
    gan.fit(np.zeros((4000, *SHAPE), "float32"), batch_size=2000, verbose=0)
    first, _, second, _ = seen  # of discriminator and generator, two steps
    counts = np.bincount(first)
    # Standard error of 2,000 draws: 19.4.
    assert len(counts) == 4 and np.abs(counts - 500).max() < 4 * 19.4
    assert (first != second).mean() > 0.5


def test_labels_of_the_data_are_not_those_of_infogan():
    gan = game(4, MutualInformation(categories=4))
    gan.fit(X, Y + 90, batch_size=8, verbose=0)
    assert gan.generate(4, labels=3).shape == (4, 2)


def test_classes_of_acgan_and_sgan_are_the_datas():
    assert game(3, Classification()).data_classes == 3
    sgan = game(None, SemiSupervised())
    assert sgan.data_classes == 3 and sgan.num_classes is None
    sgan.fit(X, np.where(Y == 1, -1, Y), batch_size=8, verbose=0)
    for y in (None, Y + 1, Y - 2):
        with pytest.raises(ValueError, match="Received: y"):
            sgan.fit(X, y, batch_size=8, verbose=0)
    with pytest.raises(ValueError, match="from 0 to 2"):
        game(3, Classification()).fit(X, Y - 1, batch_size=8, verbose=0)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((3,), "must be read"),
        ((3, SemiSupervised()), "must be read"),
        ((None, Classification()), "takes labels"),
        ((5, MutualInformation(categories=4)), "drawn labels=4"),
        ((4, MutualInformation(categories=4), SemiSupervised()), "drawn labels=4"),
    ],
)
def test_impossible_labels(arguments, message):
    with pytest.raises(ValueError, match=message):
        game(*arguments)


def test_drawn_labels_are_not_judged():
    with pytest.raises(ValueError, match="discriminator takes labels=True"):
        game(4, MutualInformation(categories=4), judged="projection")


@pytest.mark.parametrize("options", [{"unroll_steps": 1}])
def test_objectives_judge_single_samples(options):
    with pytest.raises(ValueError, match="objectives=.'classification'."):
        game(3, Classification(), **options)


def test_wrong_number_of_units():
    with pytest.raises(ValueError, match="'class_logits': 3}"):
        game(3, Classification(), heads={"class_logits": 4})


def test_the_same_objective_twice():
    with pytest.raises(ValueError, match="penalties and objectives"):
        game(3, Classification(), Classification())
