import math

import numpy as np
import pytest

from kgan.objectives import MutualInformation

FAKE = {"code_logits": [[0.0, 0.0], [0.0, math.log(3.0)]], "code_mean": [[3.0], [0.5]]}
Z = [[1.0, 7.0], [0.5, 7.0]]


def test_by_hand():
    """-log 1/2 + (3 - 1)²/2, and -log 3/4: the code beside the first is noise."""
    objective = MutualInformation(categories=2, continuous=1)
    expected = [math.log(2) + 2.0, math.log(4 / 3)]
    for value in (
        objective.generator_loss(FAKE, [0, 1], Z),
        objective.discriminator_loss(None, FAKE, [0, 1], Z),
    ):
        np.testing.assert_allclose(value, expected, rtol=1e-6)


def test_without_continuous_codes():
    objective = MutualInformation(categories=2, continuous=0)
    assert objective.heads() == {"code_logits": 2}
    value = objective.generator_loss(FAKE, [0, 1], Z)
    np.testing.assert_allclose(value, [math.log(2), math.log(4 / 3)], rtol=1e-6)


@pytest.mark.parametrize("options", [{"categories": 1}, {"continuous": -1}])
def test_impossible_codes(options):
    with pytest.raises(ValueError, match="Received"):
        MutualInformation(**options)
