"""What theory predicts, beside what kgan's own games and diagnostics find.

Two tables: the best discriminator of four Gaussian pairs against quadrature, and the
Dirac-GAN through `kgan.GAN`'s train step, 500 steps of plain gradient descent by 0.2
from (1, 1).

    python benchmarks/theory.py
"""

import click
import keras
import numpy as np

import kgan
from kgan.lab import dirac

PAIRS = ((0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (0.0, 2.0))
SAMPLES = 20_000
# What is allowed: of V in nats, and of D on [-2, 2].
TOLERANCES = {"V": 0.02, "D": 0.07}

# Loss, penalties, and whether Mescheder et al. (2018) prove that the game converges.
GAMES = {
    "minimax": ("minimax", [], False),
    "non-saturating": ("non_saturating", [], False),
    "Wasserstein, weights in [-1, 1]": ("wasserstein", [], False),
    "WGAN-GP": ("wasserstein", [kgan.penalties.GradientPenalty(1.0)], False),
    "minimax + R1(.3)": ("minimax", [kgan.penalties.R1(0.3)], True),
    "non-saturating + R1(.3)": ("non_saturating", [kgan.penalties.R1(0.3)], True),
    "Wasserstein + R1(.3)": ("wasserstein", [kgan.penalties.R1(0.3)], True),
}
PLAYS = {
    "simultaneous": {"updates": "simultaneous"},
    "alternating": {},
    "5 D steps": {"discriminator_steps": 5},
}
CONVERGED = 1e-2  # distance from the equilibrium after 500 steps


def theory(mean, sigma):
    """Returns V and JSD of N(0, 1) and N(mean, sigma²) by quadrature."""
    x = np.linspace(-15, 15, 200_001)[:, None]
    p, q = (part.density(x) for part in kgan.data.gaussian_pair(mean, sigma))
    middle = (p + q) / 2
    jsd = sum(
        np.trapezoid(f * (np.log(f + 1e-300) - np.log(middle + 1e-300)), x[:, 0]) / 2
        for f in (p, q)
    )
    return 2 * jsd - np.log(4), jsd


def pair_row(mean, sigma, samples):
    """Prints the row of a pair; returns whether it is within the tolerances."""
    p, q = kgan.data.gaussian_pair(mean, sigma)
    best = kgan.diagnostics.optimal_discriminator(
        p.sample(samples, 1), q.sample(samples, 2)
    )
    value, jsd = theory(mean, sigma)
    x = np.linspace(-2, 2, 201)[:, None]
    optimal = p.density(x) / (p.density(x) + q.density(x))
    error = np.abs(best(x) - optimal).max()
    right = abs(best.value - value) <= TOLERANCES["V"] and error <= TOLERANCES["D"]
    click.echo(
        f"| N({mean:g}, {sigma**2:g}) | {best.value:.4f} | {value:.4f} | "
        f"{best.jensen_shannon:.4f} | {jsd:.4f} | {error:.3f} | {_mark(right)} |"
    )
    return right


def distance(loss, penalties, clip, play):
    """Returns ‖(θ, ψ)‖ after the game."""
    gan = dirac.game()
    if clip:
        gan.discriminator.layers[-1].kernel.constraint = kgan.layers.ClipWeights(clip)
    steps = (keras.optimizers.SGD(0.2) for _ in range(2))
    gan.compile(*steps, loss=loss, penalties=penalties, **play)
    zeros = np.zeros((8, 1), "float32")
    gan.fit(zeros, batch_size=1, steps_per_epoch=500, verbose=0)
    return float(np.hypot(*dirac.state(gan)))


def dirac_row(name):
    """Prints the row of a game; returns whether it did what theory says."""
    loss, penalties, converges = GAMES[name]
    clip = 1.0 if "weights" in name else 0.0
    ends = [distance(loss, penalties, clip, play) for play in PLAYS.values()]
    right = all((end < CONVERGED) == converges for end in ends)
    cells = " | ".join(f"{end:.2g}" for end in ends)
    says = "converges" if converges else "does not"
    click.echo(f"| {name} | {cells} | {says} | {_mark(right)} |")
    return right


def _mark(right):
    return "as predicted" if right else "NOT as predicted"


@click.command()
@click.option("--samples", default=SAMPLES, help="Samples of each Gaussian.")
def main(samples):
    """Prints both tables; exit code 1 if a row is not as predicted."""
    click.echo("| q, with p = N(0, 1) | V | theory | JSD | theory | error of D | |")
    click.echo("| --- | --- | --- | --- | --- | --- | --- |")
    right = [pair_row(mean, sigma, samples) for mean, sigma in PAIRS]
    click.echo(f"\n| Dirac-GAN | {' | '.join(PLAYS)} | theory | |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    right += [dirac_row(name) for name in GAMES]
    raise SystemExit(0 if all(right) else 1)


if __name__ == "__main__":
    main()
