import math

import numpy as np
import pytest

from kgan import objectives

REAL = {"class_logits": [[math.log(3.0), 0.0], [0.0, 0.0]]}
FAKE = {"class_logits": [[0.0, math.log(4.0)], [0.0, 0.0]]}
LABEL = [0, 1]


def test_acgan_by_hand():
    """-log 3/4 of the real sample, -log 1/5 of the fake one; then -log 1/2 of both."""
    objective = objectives.Classification()
    np.testing.assert_allclose(
        objective.discriminator_loss(REAL, FAKE, LABEL),
        [math.log(4 / 3) + math.log(5), 2 * math.log(2)],
        rtol=1e-6,
    )
    np.testing.assert_allclose(
        objective.generator_loss(FAKE, LABEL), [math.log(5), math.log(2)], rtol=1e-6
    )


def test_tac_gan_by_hand():
    """The classifier sees the real sample, its twin the fake one."""
    objective = objectives.TwinClassification()
    real = {**REAL, "twin_logits": [[9.0, 9.0]] * 2}
    fake = {**FAKE, "twin_logits": [[math.log(2.0), 0.0]] * 2}
    np.testing.assert_allclose(
        objective.discriminator_loss(real, fake, LABEL),
        [math.log(4 / 3) + math.log(3 / 2), math.log(2) + math.log(3)],
        rtol=1e-6,
    )
    np.testing.assert_allclose(
        objective.generator_loss(fake, LABEL),
        [math.log(5) - math.log(3 / 2), math.log(2) - math.log(3)],
        rtol=1e-6,
    )


def test_adc_gan_by_hand():
    """Of four classes, the third and fourth are the fakes of the first and second."""
    objective = objectives.DiscriminativeClassification()
    real = {"class_logits": [[math.log(5.0), 0.0, 0.0, 0.0]]}
    fake = {"class_logits": [[0.0, 1.0, 0.0, 3.0]]}
    total = 2 + math.e + math.e**3
    np.testing.assert_allclose(
        objective.discriminator_loss(real, fake, [0]),
        [math.log(8 / 5) + math.log(total)],
        rtol=1e-6,
    )
    np.testing.assert_allclose(objective.generator_loss(fake, [1]), [2.0], rtol=1e-6)
    np.testing.assert_allclose(objective.generator_loss(fake, [0]), [0.0], atol=1e-6)


def test_impossible_weight():
    with pytest.raises(ValueError, match="Received: weight=-1.0"):
        objectives.Classification(weight=-1.0)
