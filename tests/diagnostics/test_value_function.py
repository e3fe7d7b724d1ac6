import keras
import numpy as np
import pytest

import kgan
from kgan.diagnostics import value_function


def test_a_guessing_discriminator_has_value_minus_log_4():
    x = np.zeros((20, 2))
    assert value_function(lambda x: x[:, :1], x, x) == pytest.approx(-np.log(4))


def test_by_hand():
    """D = 0.75 on real (logit log 3) and 0.2 on fake (logit -log 4)."""
    real, fake = np.full((10, 1), np.log(3)), np.full((30, 1), -np.log(4))
    expected = np.log(0.75) + np.log(0.8)
    assert value_function(lambda x: x, real, fake) == pytest.approx(expected)


def test_large_logits_stay_finite():
    real = np.full((10, 1), -1e4)
    assert value_function(lambda x: x, real, -real) == pytest.approx(-2e4)


@pytest.mark.parametrize(("mean", "sigma"), [(0, 1), (1, 1), (2, 1), (0, 2)])
def test_the_optimal_discriminator_reaches_2_jsd_minus_log_4(mean, sigma):
    """Goodfellow et al., 2014, theorem 1, with D* = p / (p + q) in closed form."""
    p, q = kgan.data.gaussian_pair(mean, sigma)
    x = np.linspace(-15, 15, 6001)[:, None]
    mixture = (p.density(x) + q.density(x)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [
            np.nan_to_num(d.density(x) * np.log(d.density(x) / mixture)) for d in (p, q)
        ]
    jsd = np.trapezoid(sum(terms) / 2, x[:, 0])

    def optimal(x):
        return np.log(p.density(x) / q.density(x))[:, None]

    value = value_function(optimal, p.sample(200_000, 1), q.sample(200_000, 2))
    assert value == pytest.approx(2 * jsd - np.log(4), abs=0.006)


def test_labels_dicts_patches_and_bytes():
    image, label = keras.Input((4, 4, 1)), keras.Input((), dtype="int64")
    offset = keras.layers.Embedding(2, 1, embeddings_initializer="zeros")(label)
    patches = image + keras.layers.Reshape((1, 1, 1))(offset)
    discriminator = keras.Model([image, label], {"logits": patches, "other": image})
    x = np.full((12, 4, 4, 1), 255, "uint8")  # 1.0 in [-1, 1]
    labels = np.zeros(12, int)
    value = value_function(discriminator, (x, labels), (x, labels), batch_size=5)
    assert value == pytest.approx(-np.log1p(np.exp(-1)) - np.log1p(np.exp(1)))


def test_refuses_numbers_that_are_not_finite():
    x = np.full((10, 1), np.nan)
    with pytest.raises(ValueError, match="`fake` must be finite"):
        value_function(lambda x: x, np.zeros((10, 1)), x)
