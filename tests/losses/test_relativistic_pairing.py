import numpy as np

from kgan.losses import RelativisticPairing

REAL, FAKE = [[2.0], [0.0]], [[1.0], [0.0]]


def test_values_by_hand():
    # log(1 + e⁻¹) = 0.31326, log(1 + e) = 1.31326, log 2 = 0.69315.
    loss = RelativisticPairing()
    np.testing.assert_allclose(
        loss.discriminator_loss(REAL, FAKE), [0.313262, 0.693147], rtol=1e-5
    )
    np.testing.assert_allclose(
        loss.generator_loss(REAL, FAKE), [1.313262, 0.693147], rtol=1e-5
    )


def test_only_differences_count():
    loss = RelativisticPairing()
    np.testing.assert_allclose(
        loss.generator_loss(np.add(REAL, 5.0), np.add(FAKE, 5.0)),
        loss.generator_loss(REAL, FAKE),
        rtol=1e-6,
    )
