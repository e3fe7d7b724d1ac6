"""Does the encoder of a trained game tell what the samples are?"""

import numpy as np
import onnxruntime
import pytest

import kgan
import kgan_export


@pytest.fixture(scope="module")
def game():
    """Half a minute of training on digits, and digits that it did not see."""
    splits = kgan.data.read("digits"), kgan.data.read("digits", "test")
    x, unseen = (split.x / np.float32(127.5) - 1 for split in splits)
    bigan = kgan.from_preset("bigan", (8, 8, 1), generator={"latent_dim": 16})
    bigan.fit(x, batch_size=64, steps_per_epoch=600, verbose=0)
    return bigan, x, splits[0].y, unseen, splits[1].y


@pytest.mark.slow
def test_reconstructions_are_nearer_than_the_mean_image(game):
    bigan, x, _, unseen, _ = game
    error = np.square(bigan.reconstruct(unseen) - unseen).mean()
    baseline = np.square(x.mean(axis=0) - unseen).mean()
    assert error < 0.7 * baseline


@pytest.mark.slow
def test_a_stochastic_encoder_does_not_hide_behind_its_noise(game):
    """Half a minute too. Without the limit of its deviation: 1.15 of the baseline."""
    _, x, _, unseen, _ = game
    ali = kgan.from_preset("bigan", (8, 8, 1), steps=1000, encoder={"stochastic": True})
    ali.fit(x, batch_size=64, steps_per_epoch=1000, verbose=0)
    error = np.square(ali.reconstruct(unseen) - unseen).mean()
    assert error < 0.85 * np.square(x.mean(axis=0) - unseen).mean()


@pytest.mark.slow
def test_nearest_codes_share_labels(game):
    """By chance a tenth would."""
    bigan, x, y, unseen, labels = game
    codes, known = bigan.encode(unseen), bigan.encode(x)
    distances = np.linalg.norm(codes[:, None] - known[None], axis=-1)
    assert (y[distances.argmin(axis=1)] == labels).mean() > 0.75


@pytest.mark.slow
def test_generator_and_encoder_run_without_tensorflow(game, tmp_path):
    bigan, *_, unseen, _ = game
    kgan_export.export(bigan, tmp_path / "generator.onnx")
    made = kgan_export.Sampler(tmp_path / "generator.onnx").sample(5, seed=3)
    native = np.clip(np.floor(127.5 * bigan.generate(5, seed=3) + 128), 0, 255)
    assert np.abs(made.astype(int) - native).max() <= 1

    options = {"network": "encoder", "output_dtype": "float32"}
    kgan_export.export(bigan, tmp_path / "encoder.onnx", **options)
    session = onnxruntime.InferenceSession(tmp_path / "encoder.onnx")
    (codes,) = session.run(None, {"image": unseen[:5]})
    np.testing.assert_allclose(codes, bigan.encode(unseen[:5]), atol=1e-4)
