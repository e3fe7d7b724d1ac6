import numpy as np
import pytest

import kgan
from kgan import losses


def test_patch_logits_give_one_value_a_sample():
    fake = np.array([[[1.0, 3.0]], [[-2.0, 0.0]]])  # two samples of two patches
    np.testing.assert_allclose(losses.Hinge().generator_loss(fake, fake), [-2.0, 1.0])


def test_half_precision_logits_are_computed_in_float32():
    logits = np.array([[0.1]], "float16")
    assert losses.NonSaturating().generator_loss(logits, logits).dtype == "float32"


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="hinge.*\nReceived: loss='hinje'"):
        losses.get("hinje")


def test_missing_method_is_named():
    class Half(losses.AdversarialLoss):
        def discriminator_loss(self, real_logits, fake_logits):
            return real_logits

    with pytest.raises(NotImplementedError, match="Half must implement `generator_"):
        Half().generator_loss([[0.0]], [[0.0]])


def test_lazy_name():
    assert kgan.losses is losses
