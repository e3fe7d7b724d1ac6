import numpy as np
import pytest
import tensorflow as tf

from kgan.latents import PRIORS, latents
from kgan_export.runtime.seeds import latents as draw


@pytest.mark.parametrize("prior", PRIORS)
def test_tensorflow_draws_the_codes_of_numpy(prior):
    seeds = [0, 2**63 - 12, 5]
    samples = [2**32 - 1, 7, 2**40]
    drawn = tf.function(draw)(prior, 61, tf.constant(seeds), tf.constant(samples))
    expected = [
        latents(prior, 1, 61, *place)[0] for place in zip(seeds, samples, strict=True)
    ]
    np.testing.assert_allclose(drawn, expected, rtol=3e-7, atol=1e-12)


def test_truncated_codes_stay_within_their_bounds():
    z = draw("truncated_normal", 400, tf.zeros([50], tf.int64), tf.range(50))
    np.testing.assert_allclose(
        z, latents("truncated_normal", 50, 400, seed=0), rtol=3e-7, atol=1e-12
    )
    assert np.abs(z).max() <= 2
