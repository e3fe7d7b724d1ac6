"""Runs of a model with one player: nothing is asked of a discriminator."""

import pytest

import kgan
from kgan import runs


def test_run_of_one_player(tmp_path):
    out = tmp_path / "run"
    run = runs.train("vae", "digits", out, steps=4, evaluate_every=4, batch_size=16)
    assert run.scores["fd"] > 0
    assert (out / "curves.png").exists() and (out / "samples/animation.gif").exists()
    page = run.report.read_text()
    assert "Losses and scores" in page and "discriminator loss" not in page
    opened = runs.open(out)
    assert type(opened.model) is kgan.VAE
    assert opened.generator.sample(3).shape == (3, 8, 8, 1)
    with pytest.raises(ValueError, match="games with a discriminator"):
        opened.diagnose()
    rate = {"learning_rate": 0.5}
    with pytest.raises(ValueError, match="Add --override"):
        runs.resume(run, optimizer=rate)
    again = runs.resume(run, steps=5, override=True, optimizer=rate)
    assert again.outcome.steps == 5
    assert float(again.model.optimizer.learning_rate) == 0.5
