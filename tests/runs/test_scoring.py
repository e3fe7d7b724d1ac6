"""The splits that the classifier is trained and tested on."""

import numpy as np
import pytest

from kgan.runs.scoring import make_evaluator, read_splits


def save(path, **arrays):
    np.savez(path, **arrays)
    return str(path)


def images(count):
    return np.zeros((count, 8, 8, 1), "uint8")


def test_no_test_split(tmp_path):
    train, test = read_splits(save(tmp_path / "a.npz", x=images(4)))
    assert len(train) == 4 and test is None


def test_faults_of_the_test_split_are_not_hidden(tmp_path):
    wrong = np.zeros((2, 9, 9, 1), "uint8")
    path = save(tmp_path / "a.npz", x_train=images(4), x_test=wrong)
    with pytest.raises(ValueError, match="9, 9, 1"):
        read_splits(path)


def test_test_split_of_other_classes(tmp_path):
    arrays = {"x_train": images(4), "y_train": [0, 1, 0, 1], "x_test": images(2)}
    for name, more in {"none": {}, "other": {"y_test": [0, 2]}}.items():
        train, test = read_splits(save(tmp_path / f"{name}.npz", **arrays, **more))
        with pytest.raises(ValueError, match="classes of train=2"):
            make_evaluator(train, test, "classifier")


def test_points_have_both_splits():
    train, test = read_splits("ring")
    assert train.shape == test.shape == (2,)
