import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import kgan.data


def numbered(count):
    """Points `[count, 1]` that hold their own index, so that order can be read off."""
    return kgan.data.from_arrays(np.arange(count, dtype="float32")[:, None])


def stream(count, batch_size, batch_count, **options):
    data = kgan.data.batches(numbered(count), batch_size, repeat=True, **options)
    return np.concatenate([x[:, 0] for x in data.take(batch_count).as_numpy_iterator()])


def test_every_epoch_of_the_stream_is_a_fresh_permutation():
    order = stream(50, 8, 25).reshape(4, 50)
    assert (np.sort(order, axis=1) == np.arange(50)).all()
    assert len({tuple(epoch) for epoch in order}) == 4


@pytest.mark.parametrize("start", [1, 37, 50, 130])
def test_stream_continues_at_start(start):
    whole = stream(50, 10, 40, seed=3)
    np.testing.assert_array_equal(
        stream(50, 10, 10, seed=3, start=start), whole[start : start + 100]
    )


def test_all_bits_of_seed_and_epoch_count():
    """The shuffle looks at the low 8 bits of each key word for sets of this size."""
    orders = [
        stream(50, 50, 1, seed=seed, start=50 * epoch)
        for seed, epoch in [(1, 0), (257, 0), (2**62 + 1, 0), (1, 256), (1, 2**40)]
    ]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 5


def test_epochs_and_seeds_are_uncorrelated():
    """Rank correlations of 9,000 samples have standard error 0.0105; 4.5 of them."""
    epochs = stream(9000, 90, 1000).reshape(10, 9000)
    seeds = np.stack([stream(9000, 90, 100, seed=seed) for seed in range(10)])
    for orders in (epochs, seeds):
        correlation = np.corrcoef(orders) - np.eye(10)
        assert np.abs(correlation).max() < 0.047


def test_epochs_share_no_exclusive_or_structure():
    """With TensorFlow's default rounds, 657 of 9,000 differences coincide."""
    first, second = stream(9000, 90, 200).astype("int64").reshape(2, 9000)
    assert np.bincount(first ^ second).max() < 20


def test_one_sample_repeats():
    assert stream(1, 4, 2).tolist() == [0.0] * 8


def test_stream_without_shuffle_counts_round():
    assert stream(3, 4, 2, shuffle=False).tolist() == [0, 1, 2, 0, 1, 2, 0, 1]


def test_one_pass_is_shuffled_anew_and_keeps_labels_beside_samples():
    x = np.arange(10, dtype="float32")[:, None]
    samples = kgan.data.from_arrays(x, np.arange(10))
    data = kgan.data.batches(samples, 4, drop_remainder=False)
    passes = []
    for _ in range(2):
        pairs = list(data.as_numpy_iterator())
        assert [len(points) for points, _ in pairs] == [4, 4, 2]
        for points, labels in pairs:
            np.testing.assert_array_equal(points[:, 0], labels)
        passes.append([label for _, labels in pairs for label in labels])
    assert sorted(passes[0]) == sorted(passes[1]) == list(range(10))
    assert passes[0] != passes[1]
    assert len(list(kgan.data.batches(samples, 4))) == 2


def test_bytes_become_the_interval_from_minus_one_to_one():
    bytes_ = np.arange(256, dtype="uint8").reshape(256, 1, 1, 1)
    data = kgan.data.batches(kgan.data.from_arrays(bytes_), 256, shuffle=False)
    (x,) = data.as_numpy_iterator()
    assert x.dtype == np.float32
    np.testing.assert_allclose(x[:, 0, 0, 0], np.linspace(-1, 1, 256), atol=1e-6)


def test_specification_cardinality_and_options():
    samples = kgan.data.from_arrays(np.zeros((10, 8, 8), "uint8"), np.arange(10) % 3)
    data = kgan.data.batches(samples, 4, repeat=True)
    x, y = data.element_spec
    assert (x.shape, x.dtype) == ((4, 8, 8, 1), tf.float32)
    assert (y.shape, y.dtype) == ((4,), tf.int64)
    assert data.cardinality() == tf.data.INFINITE_CARDINALITY
    assert kgan.data.batches(samples, 4).cardinality() == 2
    assert data.options().autotune.enabled is False


def test_replicas_get_the_halves_of_the_global_batch():
    """In a process of its own: the devices must be made before TensorFlow starts."""
    script = """
import numpy as np, tensorflow as tf, kgan.data
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
strategy = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])
points = kgan.data.from_arrays(np.arange(64.0)[:, None])
data = kgan.data.batches(points, 8, repeat=True)
for whole, parts in zip(data.take(12), strategy.experimental_distribute_dataset(data)):
    halves = strategy.experimental_local_results(parts)
    assert [len(half) for half in halves] == [4, 4]
    np.testing.assert_array_equal(np.concatenate(halves), whole)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=100)


def test_without_autotune_keeps_other_options():
    options = tf.data.Options()
    options.deterministic = False
    data = tf.data.Dataset.range(3).with_options(options)
    data = kgan.data.without_autotune(data)
    assert data.options().autotune.enabled is False
    assert data.options().deterministic is False


@pytest.mark.parametrize(
    "options, message",
    [
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"batch_size": 11}, "at least one full batch"),
        ({"start": 3}, "positive position of a repeated stream"),
        ({"start": -1, "repeat": True}, "positive position of a repeated stream"),
        ({"seed": -1}, "`seed` must be"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        kgan.data.batches(numbered(10), **({"batch_size": 2} | options))
