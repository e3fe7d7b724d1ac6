"""What is said of games whose end is known; short forms of the benchmarks."""

import numpy as np
import pytest

import kgan
from kgan.diagnostics import duality_gap, equilibrium_report

NARROW = {
    "loss": "non_saturating",
    "target_options": {"radius": 4.0, "sigma": 0.1},
    "generator": {"width": 16},
    "discriminator_steps": 5,
    "generator_optimizer": {"learning_rate": 2e-3},
    "discriminator_optimizer": {"learning_rate": 2e-3},
}


def trained(name, steps, **changes):
    experiment = kgan.lab.experiment(name, steps=steps, **changes)
    return experiment, experiment.fit()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gap_ranks_a_balanced_game_lowest(seed):
    """Grnarova et al., 2019: D:G updates of 1:1 against 15:1 and 1:15."""
    gaps = {}
    for name in ("ring-1-1", "ring-15-1", "ring-1-15"):
        experiment, _ = trained(name, 1000, seed=seed)
        held_out = experiment.target.sample(2000, 2 * seed + 1)
        gaps[name] = duality_gap(experiment.gan, held_out, steps=150).gap
        change_last_digits(experiment.gan)
        again = duality_gap(experiment.gan, held_out, steps=150).gap
        assert again == pytest.approx(gaps[name], rel=0.1, abs=0.01)
    assert gaps["ring-1-1"] < min(gaps["ring-15-1"], gaps["ring-1-15"])


def change_last_digits(gan):
    """Moves weights by a millionth, as another processor does."""
    rng = np.random.default_rng(0)
    for player in (gan.generator, gan.discriminator):
        player.set_weights(
            [w * (1 + 1e-6 * rng.normal(size=w.shape)) for w in player.get_weights()]
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verdict", "name", "steps", "changes"),
    [
        ("near equilibrium", "gaussian-pair", 3000, {}),
        ("collapsed", "ring-1-1", 2500, NARROW),
    ],
)
def test_verdict_on_a_trained_game(verdict, name, steps, changes):
    experiment, history = trained(name, steps, **changes)
    held_out = experiment.target.sample(4000, 1)
    report = equilibrium_report(
        experiment.gan, held_out, history, num_samples=2000, steps=300
    )
    assert report.verdict == verdict
