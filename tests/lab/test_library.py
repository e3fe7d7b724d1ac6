"""Every experiment builds and plays; settings are data, and mistakes are messages."""

import json

import numpy as np
import pytest

from kgan import lab
from kgan.lab.library import build


@pytest.mark.parametrize("name", lab.names())
def test_every_experiment_plays(name):
    """One step of the game, its settings having been through JSON."""
    settings = lab.settings(name, steps=1, num_samples=4000)
    experiment = build(json.loads(json.dumps(settings)))
    experiment.gan.run_eagerly = True
    history = experiment.fit()
    assert int(experiment.gan.step.numpy()) == 1
    assert np.isfinite(history.history["d_loss"]).all()
    assert experiment.settings["description"].endswith(".")


def test_packs_of_the_experiments():
    gan = lab.experiment("ring-pacgan2").gan
    assert gan.pack == 2 and gan.discriminator.input_shape == (None, 4)


def test_steps_that_groups_do_not_divide():
    """7 steps, then 3 more; a game that is at its end stays."""
    game = lab.experiment("dirac", steps_per_execution=5, num_samples=8)
    game.fit(steps=7)
    assert int(game.gan.step.numpy()) == 7
    entries = game.fit(steps=10).history["d_loss"]
    assert int(game.gan.step.numpy()) == 10 and len(entries) == 3
    game.fit(steps=10)
    assert int(game.gan.step.numpy()) == 10


def test_runs_repeat():
    states = []
    for _ in range(2):
        game = lab.experiment("ring", seed=3, steps=2, generator={"width": 4})
        game.gan.run_eagerly = True
        game.fit()
        states.append(game.gan.generate(4))
    np.testing.assert_array_equal(*states)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"target": "circle"}, "`target` must be one of ring, grid"),
        ({"target_options": {"side": 3}}, "target_options"),
        ({"network": "resnet"}, "`network` must be one of dcgan, dirac"),
        ({"generator": {"wdith": 3}}, "wdith"),
        ({"num_samples": "many"}, "`num_samples` is a number"),
        ({"steps": 2.5}, "`steps` is a number"),
        ({"width": 3}, "A setting must be one of"),
    ],
)
def test_mistakes(overrides, message):
    with pytest.raises(ValueError, match=message):
        lab.experiment("ring", **overrides)


def test_unknown_experiment():
    with pytest.raises(ValueError, match=r"Received: name='rng'"):
        lab.settings("rng")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "modes", "quality"), [("ring", 8, 0.8), ("grid", 24, 0.6)]
)
def test_best_settings_reach_modes(name, modes, quality):
    """A fifth of the steps or fewer, over which the learning rate falls, too."""
    experiment = lab.experiment(name, steps=6000)
    experiment.fit()
    scores = experiment.scores()
    assert scores["modes"] >= modes and scores["quality"] > quality
