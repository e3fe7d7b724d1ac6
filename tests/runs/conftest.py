import pytest

from kgan import runs

STEPS = 4
# What makes a run small enough for a test.
SMALL = {
    "batch_size": 16,
    "generator": {"width": 16},
    "discriminator": {"width": 16},
}


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A run of a few steps with scores, as it was trained."""
    folder = tmp_path_factory.mktemp("small") / "run"
    return runs.train(
        "mlp", "digits", folder, steps=STEPS, evaluate_every=STEPS, **SMALL
    )
