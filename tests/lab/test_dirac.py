import keras
import numpy as np
import pytest

from kgan.lab import dirac
from kgan.losses import Minimax, NonSaturating, Wasserstein
from kgan.penalties import R1, GradientPenalty

STEP, STEPS, AT_ONCE = 0.2, 500, 20
PLAYS = ({"updates": "simultaneous"}, {}, {"discriminator_steps": 5})


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# Gradients of L_D by ψ and of L_G by θ, from the equations; the real sample is 0.
BY_HAND = {
    "minimax": (
        lambda theta, psi: sigmoid(psi * theta) * theta,
        lambda theta, psi: -sigmoid(psi * theta) * psi,
    ),
    "non_saturating": (
        lambda theta, psi: sigmoid(psi * theta) * theta,
        lambda theta, psi: -sigmoid(-psi * theta) * psi,
    ),
    "wasserstein": (lambda theta, psi: theta, lambda theta, psi: -psi),
}


def end(loss, penalty, play):
    """Returns ‖(θ, ψ)‖ after the steps of kgan's game, from (1, 1)."""
    gan = dirac.game()
    sgd = [keras.optimizers.SGD(STEP) for _ in range(2)]
    penalties = [penalty] if penalty else []
    gan.compile(
        *sgd, loss=loss, penalties=penalties, steps_per_execution=AT_ONCE, **play
    )
    zeros = np.zeros((8, 1), "float32")
    gan.fit(zeros, batch_size=1, steps_per_epoch=STEPS, verbose=0)
    return np.hypot(*dirac.state(gan))


def end_by_hand(loss, weight, play):
    """The same by the equations: R1 adds weight·ψ to the discriminator's gradient."""
    move_psi, move_theta = BY_HAND[loss]
    theta = psi = 1.0
    for _ in range(STEPS):
        before = psi
        for _ in range(play.get("discriminator_steps", 1)):
            psi -= STEP * (move_psi(theta, psi) + weight * psi)
        judge = before if "updates" in play else psi
        theta -= STEP * move_theta(theta, judge)
    return np.hypot(theta, psi)


@pytest.mark.parametrize(
    "loss",
    [pytest.param(Minimax(), marks=pytest.mark.slow), NonSaturating()],
    ids=["gan", "ns"],
)
def test_unpenalised_games_do_not_converge(loss):
    name = "minimax" if isinstance(loss, Minimax) else "non_saturating"
    for play in PLAYS:
        distance = end(loss, None, play)
        assert distance == pytest.approx(end_by_hand(name, 0.0, play), rel=1e-3)
        assert distance > (1.0 if name == "minimax" else 0.1)


@pytest.mark.slow
def test_wgan_gp_does_not_converge():
    for play in PLAYS:
        assert end(Wasserstein(), GradientPenalty(weight=1.0), play) > 0.5


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(Minimax(), marks=pytest.mark.slow),
        NonSaturating(),
        pytest.param(Wasserstein(), marks=pytest.mark.slow),
    ],
    ids=["gan", "ns", "wgan"],
)
def test_r1_makes_every_game_converge(loss):
    """Mescheder et al., 2018: to the equilibrium, as fast as the equations say."""
    name = {Minimax: "minimax", NonSaturating: "non_saturating"}
    for play in PLAYS:
        distance = end(loss, R1(weight=0.3), play)
        expected = end_by_hand(name.get(type(loss), "wasserstein"), 0.3, play)
        assert distance < 1e-2
        assert distance == pytest.approx(expected, rel=0.05, abs=1e-12)
