import keras
import numpy as np
import pytest

from kgan._core.random import Stream
from kgan.losses import LabelFlipping, LabelSmoothing, Minimax, NonSaturating


def test_a_share_of_the_pairs_changes_places():
    real = np.arange(1.0, 10001.0, dtype="float32")[:, None]
    loss = LabelFlipping(probability=0.25)
    as_real, as_fake = loss.relabel(real, -real, Stream(0))
    flipped = as_real[:, 0] < 0
    np.testing.assert_array_equal(np.where(flipped, -1, 1)[:, None] * real, as_real)
    np.testing.assert_array_equal(as_fake, -as_real)
    # Four standard deviations of a binomial share: 4·√(0.25·0.75 / 10000).
    assert abs(np.mean(flipped) - 0.25) < 0.0174


def test_the_stream_decides():
    real = np.ones((64, 1), "float32")
    loss = LabelFlipping(probability=0.4)
    first, second, other = (
        loss.relabel(real, -real, Stream(seed))[0].numpy() for seed in (0, 0, 1)
    )
    assert (first == second).all() and (first != other).any()


def test_patches_of_a_sample_flip_together():
    real = np.ones((64, 3, 3, 1), "float32")
    as_real, _ = LabelFlipping(probability=0.4).relabel(real, -real, Stream(0))
    assert set(np.sum(as_real, axis=(1, 2, 3))) == {-9.0, 9.0}


def test_losses_are_those_of_the_wrapped_loss():
    loss, logits = LabelFlipping("minimax"), ([[1.0]], [[2.0]])
    for player in ("discriminator_loss", "generator_loss"):
        value = getattr(loss, player)(*logits)
        np.testing.assert_allclose(value, getattr(Minimax(), player)(*logits))
    assert not loss.zero_sum  # with flipped labels, it is not


def test_expected_loss_is_that_of_labels_flipped_one_by_one():
    # 0.75·softplus(-1) + 0.25·softplus(1) and 0.75·softplus(2) + 0.25·softplus(-2).
    expected = 0.313262 + 0.25 * 1.0 + 2.126928 - 0.25 * 2.0
    loss = LabelFlipping(probability=0.25)
    ones = np.ones((20000, 1), "float32")
    values = loss.discriminator_loss(*loss.relabel(ones, 2.0 * ones, Stream(0)))
    # Flipped pairs cost 1 less: four standard deviations are 4·√(0.1875 / 20000).
    assert abs(np.mean(values) - expected) < 0.0123


def test_other_losses_keep_the_labels():
    assert NonSaturating().relabel(1.0, 2.0, Stream(0)) == (1.0, 2.0)


def test_serialisation_keeps_the_wrapped_losses():
    loss = LabelFlipping(LabelSmoothing("minimax", alpha=0.2), probability=0.1)
    config = keras.saving.serialize_keras_object(loss)
    clone = keras.saving.deserialize_keras_object(config)
    assert clone.probability == 0.1 and clone.loss.alpha == 0.2
    assert type(clone.loss.loss) is Minimax


@pytest.mark.parametrize("probability", [0, -0.1, 0.5])
def test_probability_out_of_range(probability):
    with pytest.raises(ValueError, match=f"\nReceived: probability={probability}"):
        LabelFlipping(probability=probability)
