import numpy as np
import pytest

import kgan.data

# Twelve samples that hold their own index: nine of the first class, none of the third.
Y = np.array([0, 0, 1, 0, 0, 3, 0, 0, 0, 3, 0, 0])
SAMPLES = kgan.data.from_arrays(np.arange(12, dtype="float32")[:, None], Y)


def stream(batch_size, batch_count, **options):
    data = kgan.data.batches(SAMPLES, batch_size, repeat=True, balanced=True, **options)
    pairs = list(data.take(batch_count).as_numpy_iterator())
    return [np.concatenate(part).ravel() for part in zip(*pairs, strict=True)]


def test_each_turn_holds_every_class_once():
    x, y = stream(6, 30)
    turns = y.reshape(60, 3)
    assert (np.sort(turns, axis=1) == [0, 1, 3]).all()
    np.testing.assert_array_equal(y, Y[x.astype(int)])
    # In changing order, so that a stride over the stream meets every class.
    assert len({tuple(turn) for turn in turns}) == 6


@pytest.mark.parametrize("label, size", [(0, 9), (1, 1), (3, 2)])
def test_a_class_starts_anew_in_a_fresh_order_when_it_is_used_up(label, size):
    x, y = stream(6, 30)
    epochs = x[y == label][: 60 // size * size].reshape(-1, size)
    members = np.flatnonzero(Y == label)
    assert (np.sort(epochs, axis=1) == members).all()
    assert len({tuple(epoch) for epoch in epochs}) > 1 or size == 1


@pytest.mark.parametrize("start", [1, 5, 36])
def test_balanced_stream_continues_at_start(start):
    whole, _ = stream(6, 20, seed=3)
    rest, _ = stream(6, 10, seed=3, start=start)
    np.testing.assert_array_equal(rest, whole[start : start + 60])


def test_seeds_and_shuffle():
    first, _ = stream(6, 5)
    second, _ = stream(6, 5, seed=1)
    assert (first != second).any()
    ordered, _ = stream(6, 2, shuffle=False)
    assert ordered.tolist() == [0, 2, 5, 1, 2, 9, 3, 2, 5, 4, 2, 9]


def test_unlabelled_samples_and_one_pass_are_refused():
    bare = SAMPLES.without_labels()
    for samples, repeat in ((bare, True), (SAMPLES, False)):
        with pytest.raises(ValueError, match="Received: labels"):
            kgan.data.batches(samples, 4, repeat=repeat, balanced=True)


def test_load_balances():
    data = kgan.data.load("digits", 20, repeat=True, balanced=True)
    _, y = next(iter(data))
    assert np.bincount(y).tolist() == [2] * 10


def test_few_labels_are_drawn_evenly():
    digits = kgan.data.read("digits")
    few = digits.with_few_labels(100, seed=1)
    assert np.bincount(few.y + 1).tolist() == [1400] + [10] * 10
    kept = few.y >= 0
    np.testing.assert_array_equal(few.y[kept], digits.y[kept])
    assert (digits.with_few_labels(100, seed=2).y != few.y).any()
    # Two samples of a small class go before the third of a large one.
    assert np.bincount(SAMPLES.with_few_labels(5).y + 1).tolist() == [7, 2, 1, 0, 2]
    assert kgan.data.from_arrays(few.x, few.y).num_classes == 10


@pytest.mark.parametrize("count", [0, 13])
def test_impossible_number_of_labels(count):
    with pytest.raises(ValueError, match="Received: count="):
        SAMPLES.with_few_labels(count)
