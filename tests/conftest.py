"""What every test starts from: quiet libraries, an empty cache and fixed seeds."""

import os
import random
import sys

# TensorFlow reads it when it loads, which the imports of test modules do.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np  # noqa: E402
import pytest  # noqa: E402

import kgan  # noqa: E402, F401 - sets its switches before test modules load Keras


@pytest.fixture(scope="session", autouse=True)
def kgan_cache(tmp_path_factory):
    """Keeps trained judges of the developer's home out of the tests."""
    folder = tmp_path_factory.mktemp("kgan_cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGAN_CACHE", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def fixed_seeds():
    random.seed(0)
    np.random.seed(0)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)


@pytest.fixture
def deterministic():
    """Has TensorFlow repeat bit for bit, for one test only."""
    from tensorflow.python.framework import config

    config.enable_op_determinism()
    yield
    config.disable_op_determinism()
