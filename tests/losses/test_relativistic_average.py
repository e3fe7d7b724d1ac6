import subprocess
import sys

import keras
import numpy as np
import pytest

from kgan.losses import RelativisticAverage

# The means are ½ and 0, so the margins of real are 1 and 0, those of fake -½ and -½.
REAL, FAKE = [[1.0], [0.0]], [[0.0], [0.0]]


@pytest.mark.parametrize(
    "kind, discriminator, generator",
    [
        # softplus of -1, -½, 0, ½, 1: 0.313262, 0.474077, 0.693147, 0.974077, 1.313262
        (
            "logistic",
            [0.313262 + 0.474077, 0.693147 + 0.474077],
            [0.974077 + 1.313262, 0.974077 + 0.693147],
        ),
        ("hinge", [0.0 + 0.5, 1.0 + 0.5], [1.5 + 2.0, 1.5 + 1.0]),
        ("least_squares", [0.0 + 0.25, 1.0 + 0.25], [2.25 + 4.0, 2.25 + 1.0]),
    ],
)
def test_values_by_hand(kind, discriminator, generator):
    loss = RelativisticAverage(kind)
    values = loss.discriminator_loss(REAL, FAKE)
    np.testing.assert_allclose(values, discriminator, rtol=1e-5)
    np.testing.assert_allclose(loss.generator_loss(REAL, FAKE), generator, rtol=1e-5)


@pytest.mark.parametrize("kind", ["logistic", "hinge", "least_squares"])
def test_serialisation_and_extreme_logits(kind):
    loss = RelativisticAverage(kind)
    config = keras.saving.serialize_keras_object(loss)
    loss = keras.saving.deserialize_keras_object(config)
    assert (loss.kind, loss.logistic) == (kind, kind == "logistic")
    logits = np.array([[1e4], [-1e4]])
    assert np.isfinite(loss.discriminator_loss(logits, -logits)).all()


def test_unknown_kind_lists_the_known_ones():
    with pytest.raises(ValueError, match="logistic, hinge.*\nReceived: kind='wgan'"):
        RelativisticAverage("wgan")


def test_two_replicas_give_the_gradients_of_one():
    """In a process of its own: the devices must be made before TensorFlow starts."""
    script = """
import numpy as np, tensorflow as tf
from kgan.losses import RelativisticAverage
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
strategy = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])
samples = np.random.default_rng(0).normal(size=(2, 8, 3)).astype("float32")
samples[:, :4] += 2.0  # so that the means of the halves differ

def value_and_gradient(loss, player, weights, real, fake, replicas):
    with tf.GradientTape() as tape:
        tape.watch(weights)
        logits = tf.matmul(real, weights), tf.matmul(fake, weights)
        values = getattr(loss, player)(*logits)
        value = tf.reduce_mean(values) / replicas
    return value, tape.gradient(value, weights)

@tf.function
def on_two(loss, player, weights, real, fake):
    parts = strategy.run(value_and_gradient, (loss, player, weights, real, fake, 2))
    return [strategy.reduce("SUM", part, axis=None) for part in parts]

def halves(batch):
    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.split(batch, 2)[context.replica_id_in_sync_group]
    )

weights = tf.constant([[0.3], [-0.2], [0.5]])
for kind in ("logistic", "hinge", "least_squares"):
    loss = RelativisticAverage(kind)
    for player in ("discriminator_loss", "generator_loss"):
        one = value_and_gradient(loss, player, weights, *samples, 1)
        two = on_two(loss, player, weights, *map(halves, samples))
        for a, b in zip(one, two, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=100)
