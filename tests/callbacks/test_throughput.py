import time

import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.callbacks import Curves, Throughput, read_metrics
from kgan.callbacks import throughput as module


def slow_dataset(images, seconds, batch_size=32):
    """Batches that take `seconds` each to make."""

    def make():
        while True:
            time.sleep(seconds)
            yield images[:batch_size]

    spec = tf.TensorSpec([batch_size, 8, 8, 1], tf.float32)
    return tf.data.Dataset.from_generator(make, output_signature=spec)


def test_logs_rates_and_memory(make_gan, digit_images, tmp_path):
    throughput = Throughput(images_per_step=32)
    dataset = kgan.data.batches(kgan.data.from_arrays(digit_images[0]), 32, repeat=True)
    make_gan().fit(
        throughput.watch(dataset),
        steps_per_epoch=4,
        callbacks=[throughput, Curves(tmp_path)],
        verbose=0,
    )
    (record,) = read_metrics(tmp_path)
    assert record["images_per_second"] == 32 * record["steps_per_second"] > 0
    assert 0 <= record["input_wait"] < 1
    assert 0.05 < record["memory_gb"] < 50


def test_warns_of_a_slow_input(make_gan, digit_images, monkeypatch):
    """Each batch takes 0.1 s: that is how long each step waits for it."""
    monkeypatch.setattr(module, "SECONDS", 0.3)
    throughput = Throughput()
    dataset = throughput.watch(slow_dataset(digit_images[0], 0.1))
    with pytest.warns(UserWarning, match="input is the bottleneck"):
        make_gan().fit(dataset, steps_per_epoch=6, callbacks=[throughput], verbose=0)
    rate = throughput.last["steps_per_second"]
    assert 0.09 < throughput.last["input_wait"] / rate < 0.2


def test_no_clock_where_tensorflow_is_deterministic(digit_images, deterministic):
    """Clocks are forbidden there: `tf.timestamp` fails."""
    dataset = tf.data.Dataset.from_tensor_slices(digit_images[0]).batch(32)
    assert next(iter(Throughput().watch(dataset))).shape == (32, 8, 8, 1)


def test_clock_leaves_batches_as_they_are(digit_images):
    images, labels = digit_images
    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(64)
    clock = kgan.data.InputClock()
    watched = clock.watch(dataset)
    assert watched.element_spec == dataset.element_spec
    assert watched.cardinality() == dataset.cardinality()
    for (x, y), (a, b) in zip(dataset, watched, strict=True):
        np.testing.assert_array_equal(x, a)
        np.testing.assert_array_equal(y, b)
    assert 0 < clock.seconds < 10
