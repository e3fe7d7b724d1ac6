import numpy as np

from kgan.diagnostics.arrays import as_inputs, of_game, split, take
from kgan.diagnostics.birthday import birthday_test
from kgan.diagnostics.duality_gap import duality_gap, generate
from kgan.diagnostics.optimal_discriminator import accuracy, optimal_discriminator
from kgan.diagnostics.players import check_judges_samples, logits
from kgan.diagnostics.report import EquilibriumReport
from kgan.diagnostics.spread import density_and_coverage, distance_from
from kgan.diagnostics.stability import is_finite, is_stable
from kgan.diagnostics.verdict import Verdict, decide


def equilibrium_report(
    gan,
    real,
    history=None,
    features=None,
    num_samples=2500,
    steps=500,
    max_gap=0.1,
    seed=0,
):
    """Tells whether a game is near its equilibrium, and if not, what is wrong.

    Near equilibrium needs all of:

    1. a freshly trained copy of the discriminator cannot tell the samples of `generate`
       from held-out real ones: its accuracy on samples that it has not seen is no
       higher than chance allows, 95 times in 100;
    2. the duality gap is at most `max_gap`: neither player gains by moving alone;
    3. both losses stood still over the last 10 entries of the history.

    The accuracy of the game's own discriminator is not among them: it is one step
    behind. More samples make the first part stricter: what 2,500 samples cannot tell
    apart, 100,000 may. The parts about collapse compare distances: give `features` for
    images.

    Args:
        gan: A compiled `kgan.GAN`. Its weights do not change.
        real: Held-out samples: array `[N, …]`, `(x, labels)` for a conditional game, or
            a `kgan.data.Samples`; at least some 500, best 2 × `num_samples`.
        history: What `fit` returned, or a dict of lists; without it the third part is
            not checked, and the sentence says so.
        features: A function from samples to `[N, d]` in which distances mean something,
            such as `kgan.metrics.Classifier.features`; by default the samples
            themselves.
        num_samples: Samples of each kind for the tests; at most half of `real`, whose
            other half is for the duality gap.
        steps: Updates of the fresh discriminator; the opponents of the duality gap get
            half as many.
        max_gap: The largest duality gap, in units of the discriminator's loss: nats for
            the minimax and non-saturating ones.
        seed: Seed of every draw.

    Returns:
        An `EquilibriumReport`.

    Example:

    >>> history = gan.fit(x_train, epochs=50)
    >>> print(kgan.diagnostics.equilibrium_report(gan, x_test, history).summary())

    Reference:

    - [Lopez-Paz and Oquab, 2017](https://arxiv.org/abs/1610.06545), for the test
    - [Grnarova et al., 2019](https://arxiv.org/abs/1811.05512), for the gap
    """
    check_judges_samples(gan)
    stable = None if history is None else is_stable(history)
    real = of_game(gan, as_inputs(real, "real"))
    tested, kept = split(real, (0.5, 0.5), seed)
    tested = take(tested, slice(num_samples))
    count = len(tested[0])
    labels = tested[1] if gan.conditional else None
    fake = [gan.generate(count, labels, seed), *tested[1:]]
    codes = gan.prior.latents(count, gan.latent_dim, seed)
    played = generate(gan.generator, codes, tested[1:])
    finite = np.isfinite(fake[0]).all() and np.isfinite(played[0]).all()
    if not finite or (history is not None and not is_finite(history)):
        return EquilibriumReport(Verdict.DIVERGED)
    fresh = optimal_discriminator(
        tuple(tested),
        tuple(fake),
        gan.discriminator,
        steps,
        128,
        learning_rate=2e-3,
        seed=seed,
    )
    gap = duality_gap(gan, tuple(kept), steps=steps // 2, seed=seed)
    features = features or (lambda x: x)
    real_points, fake_points = features(tested[0]), features(fake[0])
    density, coverage = density_and_coverage(real_points, fake_points)
    numbers = {
        "accuracy": fresh.accuracy,
        "chance": fresh.chance_interval[1],
        "own_accuracy": accuracy(
            logits(gan.discriminator, tested), logits(gan.discriminator, played)
        ),
        "gap": gap,
        "max_gap": max_gap,
        "stable": stable,
        "density": density,
        "coverage": coverage,
        "relative_support": birthday_test(fake_points, real_points).relative_support,
        "distance": distance_from(real_points, fake_points),
    }
    verdict = decide(int(gan.step.numpy()), **numbers)
    return EquilibriumReport(verdict, fresh=fresh, **numbers)
