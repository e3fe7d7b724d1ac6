import numpy as np

from kgan.turing import trials


def test_bundles_are_sorted_by_the_first_feature_and_keep_rows_whole():
    samples = np.array([[3.0, 30], [1, 10], [2, 20], [0, 0], [9, 90]])
    expected = [[[1.0, 10], [3, 30]], [[0, 0], [2, 20]]]  # the fifth fills no bundle
    assert trials(samples, bundle=2).tolist() == expected


def test_trajectories_are_trials():
    trajectories = np.random.default_rng(0).normal(size=(3, 5, 2))
    assert trials(trajectories, bundle=20) is trajectories
