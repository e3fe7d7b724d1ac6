"""`generate` and `export` of a model: what is refused before anything is made."""

import numpy as np
import pytest

import kgan


@pytest.fixture(scope="module")
def gan():
    generator = kgan.networks.mlp.generator(
        (4, 4, 1), latent_dim=4, width=8, num_classes=3
    )
    return kgan.GAN(
        generator,
        kgan.networks.mlp.discriminator((4, 4, 1), width=8, num_classes=3),
    )


@pytest.mark.parametrize("batch_size", [-1, 0, 2.5, 2**31, None])
def test_batch_size(gan, batch_size):
    """A negative one left the result as it lay in memory."""
    with pytest.raises(ValueError, match="`batch_size` must be an integer from 1"):
        gan.generate(4, batch_size=batch_size)


@pytest.mark.parametrize("number", [-1, 2.5, 2**63, "4"])
def test_number(gan, number):
    with pytest.raises(ValueError, match="`num_samples` must be an integer"):
        gan.generate(number)


@pytest.mark.parametrize("number", [10**12, 2**62])
def test_memory(gan, number):
    with pytest.raises(ValueError, match="must fit into memory"):
        gan.generate(number)


@pytest.mark.parametrize("label", [2**64 - 1, np.uint64(2**64 - 1), -1, 3, 1.0])
def test_label(gan, label):
    with pytest.raises(ValueError, match="`labels` must be integers from 0 to 2"):
        gan.generate(4, labels=label)


def test_kerass_export_names_the_way(gan, tmp_path):
    with pytest.raises(ValueError, match="kgan_export.export"):
        gan.export(tmp_path / "served")
    assert not list(tmp_path.iterdir())
