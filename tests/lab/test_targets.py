"""Scores of samplers whose scores are known."""

import math
import types

import numpy as np
import pytest

from kgan import data
from kgan.lab import dirac
from kgan.lab.targets import TARGETS, create
from kgan.lab.targets.energy_distance import energy_distance


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_perfect_sampler(name):
    """1 - exp(-9/2) = 0.989 of a Gaussian lies within 3 sigma."""
    target = create(name, {})
    scores = target.scores(target.sample(2500, 0), target.sample(2500, 1))
    assert scores["modes"] == scores["num_modes"] == {"ring": 8, "grid": 25}[name]
    assert scores["quality"] == pytest.approx(1 - math.exp(-4.5), abs=0.008)
    assert scores["reverse_kl"] < 0.01
    assert abs(scores["energy_distance"]) < 0.01
    assert set(scores) == set(target.meanings)


def test_collapsed_sampler():
    target = create("ring", {})
    samples = data.ring().sample(500, modes=[0])
    scores = target.scores(samples, target.sample(500, 1))
    assert scores["modes"] == 1
    assert scores["reverse_kl"] == pytest.approx(math.log(8))
    # Of points of a circle, and one of them: E‖x - y‖ = 4/π both ways for a circle.
    assert scores["energy_distance"] == pytest.approx(4 / math.pi, rel=0.1)


def test_energy_distance_by_hand():
    """2·(1 + 2 + 0 + 1)/4 - 1 - 1 of {0, 1} and {1, 2}."""
    x, y = np.array([[0.0], [1.0]]), np.array([[1.0], [2.0]])
    assert energy_distance(x, y) == pytest.approx(0.0)
    assert energy_distance(x, y + 10) == pytest.approx(2 * 11 - 2)


@pytest.mark.parametrize(
    ("mean", "expected"), [(0.0, 0.0), (1.0, 0.1114), (2.0, 0.3368), (60, math.log(2))]
)
def test_divergence_of_gaussians(mean, expected):
    """The table of the theory of Gaussian pairs, by quadrature."""
    target = create("gaussian_pair", {"mean": 0.0, "sigma": 1.0})
    assert target.divergence_from(mean, 1.0) == pytest.approx(expected, abs=1e-4)


@pytest.mark.slow
def test_samplers_that_need_a_judge():
    line = create("gaussian_pair", {})
    real = line.sample(4000, 0)
    guess = types.SimpleNamespace(pack=1, discriminator=lambda x: 0.0 * x)
    scores = line.scores(real, line.sample(4000, 1), guess)
    assert scores["value"] == pytest.approx(-math.log(4))
    assert scores["mean_error"] < 0.03 and scores["std_error"] < 0.03
    assert abs(scores["jensen_shannon"]) < 0.02
    assert set(scores) == set(line.meanings)
    roll = create("swiss_roll", {})
    scores = roll.scores(roll.sample(4000, 0), roll.sample(4000, 1))
    assert scores["two_sample_accuracy"] == pytest.approx(0.5, abs=0.03)
    assert abs(scores["energy_distance"]) < 0.01
    assert set(scores) == set(roll.meanings)


def test_dirac():
    target, game = create("dirac", {}), dirac.game()
    dirac.set_state(game, 3.0, -4.0)
    scores = target.scores(None, None, game)
    assert scores == {"theta": 3.0, "psi": -4.0, "distance": 5.0}
    assert set(scores) == set(target.meanings)
    assert not target.sample(3).any()


def test_every_target_is_known_by_name():
    for name in TARGETS:
        target = create(name, {})
        assert target.sample(5, 0).shape == (5, *target.sample_shape)
