"""Precision, recall, density and coverage against definitions and theory."""

import math

import numpy as np
import pytest

from kgan.metrics import FeatureSet, density_coverage, neighbors, precision_recall


class Positions:
    """Features that were known before: an image's pixels are its position."""

    def features(self, images):
        return images.reshape(len(images), -1).astype(np.float32)


def points(*positions):
    """A set of images of one pixel, by their grey levels."""
    levels = np.array(positions, np.uint8).reshape(-1, 1, 1, 1)
    return FeatureSet(Positions(), levels)


def drawn(count, seed, shift=0.0):
    """A set whose features are of a normal distribution in 8 dimensions."""
    made = FeatureSet(Positions(), np.zeros((count, 1, 1, 1), np.uint8))
    made.features = np.random.default_rng(seed).normal(shift, 1, (count, 8))
    return made


def test_radii_are_distances_to_the_kth_other():
    found = neighbors.radii(np.array([[0.0], [1.0], [3.0], [7.0]]), 2)
    np.testing.assert_array_equal(found, [3, 2, 3, 6])


def test_equal_vectors_are_neighbors_of_each_other():
    np.testing.assert_array_equal(neighbors.radii(np.zeros((4, 2)), 3), np.zeros(4))


def test_precision_and_recall_by_hand():
    """Third neighbours: of the real ones balls of 30, 20, 20 and 30 around them; of
    the fakes, 185, 5, 180 and 185 around 15, 195, 200 and 190 …"""
    real = points(0, 10, 20, 30)
    fake = points(15, 195, 200, 190)
    np.testing.assert_array_equal(real.radii(3), [30, 20, 20, 30])
    np.testing.assert_array_equal(fake.radii(3), [185, 180, 185, 175])
    scores = precision_recall(real, fake)
    assert scores == {"precision": 0.25, "recall": 1.0}
    far = points(100, 101, 102, 103)
    assert precision_recall(real, far) == {"precision": 0.0, "recall": 0.0}


def test_a_point_on_the_ball_is_inside_for_precision_and_not_for_density():
    real, fake = points(0, 1, 2, 3, 4, 5), points(6, 6, 6, 6, 6, 6)
    # Fifth neighbours: 5, 4, 3, 3, 4, 5; the fakes lie 6, 5, 4, 3, 2, 1 away.
    assert density_coverage(real, fake) == {
        "density": pytest.approx(6 * 2 / (5 * 6)),
        "coverage": pytest.approx(2 / 6),
    }
    # Third neighbours: 3, 2, 2, 2, 2, 3.
    assert precision_recall(real, fake)["precision"] == 1.0
    alone = points(0, 1, 2, 3, 3, 3)
    assert precision_recall(alone, points(*[3 + 3] * 6))["precision"] == 0.0


def test_equal_distributions_reach_what_theory_says():
    """Density 1; coverage 1 − (N − 1)…(N − k) / (2N − 1)…(2N − k), Naeem's lemma 2."""
    count, k = 1000, 5
    scores = density_coverage(drawn(count, 0), drawn(count, 1))
    missed = math.prod((count - i) / (2 * count - i) for i in range(1, k + 1))
    assert scores["density"] == pytest.approx(1, abs=0.07)
    assert scores["coverage"] == pytest.approx(1 - missed, abs=0.02)
    both = precision_recall(drawn(count, 0), drawn(count, 1))
    assert both["precision"] == pytest.approx(both["recall"], abs=0.05)


def test_sets_far_apart_share_nothing():
    scores = density_coverage(drawn(200, 0), drawn(200, 1, 20.0))
    assert scores == {"density": 0.0, "coverage": 0.0}


def test_the_larger_set_is_evenly_picked_from():
    large = points(*range(100))
    assert large.spread(4).images.ravel().tolist() == [0, 25, 50, 75]
    assert large.spread(100) is large
    assert precision_recall(large, points(0, 25, 50, 75))["precision"] == 1.0


def test_blocks_of_rows_are_all_of_them():
    rows = np.random.default_rng(0).normal(size=(1500, 3))
    parts = np.concatenate(list(neighbors.blocks(rows, rows[:7])))
    expected = np.linalg.norm(rows[:, None] - rows[None, :7], axis=-1)
    np.testing.assert_allclose(parts, expected, atol=1e-12)
    np.testing.assert_array_equal(neighbors.nearest(rows[:7], rows), np.arange(7))
