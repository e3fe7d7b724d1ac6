import numpy as np
import pytest
from sklearn.datasets import load_digits


@pytest.fixture(scope="session")
def digits():
    """scikit-learn's digits, shuffled: uint8 [1797, 8, 8, 1] and their labels."""
    data = load_digits()
    order = np.random.default_rng(0).permutation(len(data.target))
    images = np.floor(data.images[order] * (255 / 16)).astype(np.uint8)
    return images[..., None], data.target[order].astype(np.int64)


@pytest.fixture(scope="session")
def classifier_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("kgan_cache")


@pytest.fixture(scope="session")
def digits_classifier(digits, classifier_cache):
    """A classifier trained on the first 1,500 digits and tested on the others."""
    from kgan.metrics import Classifier

    images, labels = digits
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGAN_CACHE", str(classifier_cache))
        return Classifier.for_data(
            images[:1500], labels[:1500], images[1500:], labels[1500:]
        )
