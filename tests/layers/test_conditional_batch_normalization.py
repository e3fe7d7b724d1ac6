import keras
import numpy as np

from kgan.layers import ConditionalBatchNormalization


def layer_of(classes):
    layer = ConditionalBatchNormalization(classes, momentum=0.5, epsilon=0.0)
    layer.build([[None, 2], [None]])
    return layer


def test_each_class_has_its_scale_and_shift():
    """Both columns of ±1 around their means: normalised to ±1."""
    layer = layer_of(2)
    layer.gamma.embeddings.assign([[1.0, 1.0], [10.0, 100.0]])
    layer.beta.embeddings.assign([[0.0, 0.0], [0.5, -0.5]])
    x = np.array([[4.0, 0.0], [6.0, 2.0]], "float32")
    np.testing.assert_allclose(
        layer([x, np.array([0, 1])], training=True),
        [[-1.0, -1.0], [10.5, 99.5]],
        rtol=1e-6,
    )
    # Moving averages from 0 and 1: means 2.5 and .5, variances 1.
    np.testing.assert_allclose(
        layer([x, np.array([0, 0])]), [[1.5, -0.5], [3.5, 1.5]], rtol=1e-6
    )


def test_starts_as_batch_normalisation_and_learns_only_the_classes_it_saw():
    layer = layer_of(3)
    x = np.random.default_rng(0).normal(3.0, 2.0, (8, 2)).astype("float32")
    plain = keras.layers.BatchNormalization(epsilon=0.0)
    np.testing.assert_allclose(
        layer([x, np.full(8, 2)], training=True), plain(x, training=True), atol=1e-5
    )
    assert len(layer.trainable_variables) == 2 and layer.normalization.synchronized
