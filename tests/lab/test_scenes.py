"""What the pictures show, in numbers."""

import types

import keras
import numpy as np
import pytest
from PIL import Image

from kgan import lab
from kgan.lab.scenes import Recorder, animate, scene_of
from kgan.lab.scenes.capture import logits_and_pull
from kgan.losses import NonSaturating, RelativisticPairing


def linear(weights):
    """A discriminator x ↦ weights·x."""
    x = keras.Input([len(weights)])
    kernel = keras.initializers.Constant(np.array(weights)[:, None])
    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer=kernel)
    return keras.Model(x, dense(x))


@pytest.mark.parametrize("loss", [NonSaturating(), RelativisticPairing()])
def test_pull_by_hand(loss):
    """L_G = log(1 + exp(-w·x)), so the pull is sigmoid(-w·x)·w.

    The mean logit of the real points is 0, so the relativistic loss is the same.
    """
    gan = types.SimpleNamespace(
        pack=1, adversarial_loss=loss, discriminator=linear([1.0, -2.0])
    )
    points = np.array([[0, 0], [1, 2], [-1, 0.5]], np.float32)
    real = np.array([[1, 0], [-1, 0]], np.float32)
    logits, pull = logits_and_pull(gan, points, points, real)
    expected = points @ [1.0, -2.0]
    np.testing.assert_allclose(logits, expected, atol=1e-6)
    force = 1 / (1 + np.exp(expected))
    np.testing.assert_allclose(pull, force[:, None] * [1.0, -2.0], rtol=1e-5)


def test_packs_are_judged_beside_samples():
    """Beside samples that are all (3, 3), w·(x, 3, 3) = x₁ + 3."""
    gan = types.SimpleNamespace(
        pack=2,
        adversarial_loss=NonSaturating(),
        discriminator=linear([1.0, 0.0, 0.0, 1.0]),
    )
    points = np.array([[1, 0], [5, 9]], np.float32)
    samples = np.full((4, 2), 3, np.float32)
    logits, pull = logits_and_pull(gan, points, samples, points)
    np.testing.assert_allclose(logits, [4, 8])
    np.testing.assert_allclose(pull[:, 1], 0, atol=1e-7)


@pytest.mark.parametrize("name", ["swiss-roll", "gaussian-pair"])
def test_animation(name, tmp_path):
    """Of the Dirac-GAN, see `kgan lab`."""
    game = lab.experiment(name, steps=2, num_samples=400, steps_per_execution=1)
    game.gan.run_eagerly = True
    scene = scene_of(game)
    recorder = Recorder(scene, 2, 3)
    game.fit([recorder])
    assert [frame["step"] for frame in recorder.frames] == [0, 1, 2]
    animate(scene, recorder.frames, tmp_path, 2)
    with Image.open(tmp_path / "animation.gif") as animation:
        assert animation.n_frames == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["animation.gif", "final.png"]


def test_field_of_the_dirac_game():
    """From (θ, ψ) one simultaneous step of Wasserstein is h·(ψ, -θ)."""
    game = lab.experiment("dirac-wgan", updates="simultaneous", discriminator={})
    scene = scene_of(game)
    points, moves = scene.field(0.9)
    expected = 0.2 * np.stack([points[:, 1], -points[:, 0]], axis=1)
    inside = np.abs(points + expected).max(axis=1) < 1.0  # the clip
    np.testing.assert_allclose(moves[inside], expected[inside], atol=1e-5)
    assert inside.sum() > 100
