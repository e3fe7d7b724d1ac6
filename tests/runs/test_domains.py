"""Data of two domains, and the scores of pairs."""

import numpy as np
import pytest

from kgan import data
from kgan.runs.domains import MADE, Domains, PairEvaluator, read_domains


def test_no_image_is_in_both_domains():
    train, test = read_domains("digits", "inverted")
    a, b = train.unpaired()
    assert len(a) == len(b) == 750 and len(train) == 1500 and len(test.b) == 297
    digits = data.read("digits").x
    np.testing.assert_array_equal(a.x, digits[0::2])
    np.testing.assert_array_equal(b.x, 255 - digits[1::2])
    assert a.y is None and b.y is None
    assert train.name == "digits and digits inverted"


def test_edges_surround_what_is_bright():
    image = np.zeros((1, 4, 5, 1), "uint8")
    image[0, 0, :2] = 200
    expected = [[0, 0, 200, 0, 0], [200, 200, 200, 0, 0], [0] * 5, [0] * 5]
    np.testing.assert_array_equal(MADE["edges"](image)[0, ..., 0], expected)
    floats = MADE["edges"](image / np.float32(127.5) - 1)
    np.testing.assert_allclose((floats[0, ..., 0] + 1) * 127.5, expected, atol=1e-4)


def test_domains_of_two_data_sets_are_used_whole(tmp_path):
    images = np.zeros((3, 8, 8, 1), "uint8")
    np.savez(tmp_path / "b.npz", x=images)
    train, test = read_domains("digits", str(tmp_path / "b.npz"))
    assert [len(part) for part in train.unpaired()] == [1500, 3]
    assert len(train) == 1503 and train.y is None  # the second has no labels
    assert test.b is None
    np.savez(tmp_path / "b.npz", x=images[:, :7])
    with pytest.raises(ValueError, match="7, 8, 1"):
        read_domains("digits", str(tmp_path / "b.npz"))


def test_licences_of_both_are_told_once():
    one, other = (
        data.from_arrays(np.zeros((1, 2, 2, 1), "uint8"), licence=licence)
        for licence in ("MIT", "CC0")
    )
    assert Domains(one, other, False).licence == "MIT; CC0"
    assert Domains(one, one, True).licence == "MIT"


@pytest.mark.slow
def test_pairs_are_scored_by_the_classifiers_of_both_domains():
    train, test = read_domains("digits", "inverted")
    evaluator = PairEvaluator(train, test, "classifier")
    real = {"a": test.a.x, "b": test.b.x}
    scores = evaluator.evaluate(lambda n, seed: real)
    assert scores["fd"] == pytest.approx(0, abs=1e-3)
    assert scores["pair_agreement"] > 0.9
    assert scores["num_real"] == scores["num_real_b"] == 297
    real["b"] = np.roll(real["b"], 1, axis=0)
    assert evaluator.score(lambda n, seed: real)["pair_agreement"] < 0.2
