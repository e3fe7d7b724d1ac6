import keras
import numpy as np
import pytest

from kgan import priors
from kgan._core.random import Stream

NAMES = ("normal", "uniform", "truncated_normal", "sphere")


@pytest.mark.parametrize("name", NAMES)
def test_training_and_generation_share_the_distribution(name):
    """Moments of the codes drawn in the train step and of those by Philox."""
    prior = priors.get(name)
    drawn = prior.sample([4000, 6], Stream(0)).numpy()
    listed = prior.latents(4000, 6, seed=0)
    for codes in (drawn, listed):
        assert codes.shape == (4000, 6) and codes.dtype == "float32"
        assert abs(codes.mean()) < 0.03
    assert drawn.std() == pytest.approx(listed.std(), abs=0.03)
    limit = {"uniform": 1.0, "truncated_normal": 2.0, "sphere": 6**0.5 + 1e-5}
    if name in limit:
        assert max(np.abs(drawn).max(), np.abs(listed).max()) <= limit[name]


def test_sphere_has_radius_root_dim():
    codes = priors.Sphere().sample([10, 9], Stream(0))
    np.testing.assert_allclose(np.linalg.norm(codes, axis=1), 3.0, rtol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_serialisation(name):
    config = keras.saving.serialize_keras_object(priors.get(name))
    assert keras.saving.deserialize_keras_object(config).name == name


def test_unknown():
    with pytest.raises(ValueError, match="Received: prior='gauss'"):
        priors.get("gauss")
