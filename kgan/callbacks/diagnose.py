import warnings

import numpy as np

from kgan._core.errors import invalid
from kgan.callbacks.score_callback import ScoreCallback
from kgan.diagnostics.arrays import as_inputs, as_points, of_game, take
from kgan.diagnostics.birthday import birthday_test
from kgan.diagnostics.memorization import CopyTest
from kgan.diagnostics.mode_coverage import mode_coverage
from kgan.diagnostics.players import check_judges_samples, logits
from kgan.diagnostics.spread import density_and_coverage
from kgan.diagnostics.value_function import value
from kgan.diagnostics.verdict import POINT, WARM_UP, is_collapsed


class Diagnose(ScoreCallback):
    """Watches a game for collapse and memorization, by what `kgan.diagnostics` finds.

    The scores join the logs, as those of `Evaluate` do:

    - `value`: V of the game's own discriminator on held-out and generated samples; -log
      4 = -1.386 where it guesses. It says something of losses whose logits are log
      odds, such as the non-saturating one.
    - `density` and `coverage`: how densely samples lie on real ones, and the share of
      the real samples' neighbourhoods that they reach; about 1 at equilibrium, m/K of
      the latter where m of K modes are left.
    - `relative_support`: of the birthday test, likewise.
    - `copies`, with `train`: share of samples as near to the training set as the
      nearest percent of held-out ones; about 0.01.
    - `modes`, `quality` and `reverse_kl`, with `mixture`: of `mode_coverage`.

    From step 500 on, a warning is shown, once each, if the samples have collapsed, or
    if they copy the training set beyond doubt.

    Cost: `num_samples` samples, one pass of the discriminator over twice as many, and
    the distances of all pairs: for 1,000 samples about a tenth of a second of points or
    64 features, some seconds of 28 × 28 pixels.

    Args:
        real: Held-out samples: array `[N, …]`, `(x, labels)` for a conditional game, or
            a `kgan.data.Samples`. At least 100.
        train: The training samples, likewise, to look for copies of.
        mixture: A `kgan.data.GaussianMixture` that the data are drawn from.
        features: A function from samples to `[N, d]` in which distances mean something,
            such as `kgan.metrics.Classifier.features`; by default the samples
            themselves.
        every: Number of steps, or `"epoch"`.
        num_samples: Number of samples; at most as many as `real` holds.
        seed: Seed of the codes, the same each time: differences come from the model.

    Attributes:
        scores: List of dicts, one for each diagnosis: `step` and all scores.

    Raises:
        ValueError: If there are too few samples, or labels are missing; before training
            starts.

    Example:

    >>> features = kgan.metrics.Classifier.for_data(x_train, y_train).features
    >>> diagnose = kgan.callbacks.Diagnose(x_test, x_train, features=features)
    >>> gan.fit(x_train, callbacks=[diagnose])
    >>> diagnose.scores[-1]
    {'step': 500, 'value': -1.21, 'density': 0.9, 'coverage': 0.93, …}
    """

    def __init__(
        self,
        real,
        train=None,
        mixture=None,
        features=None,
        every="epoch",
        num_samples=1000,
        seed=0,
    ):
        super().__init__(every)
        real = as_inputs(real, "real")
        if min(len(real[0]), num_samples) < 100:
            raise invalid(
                "A diagnosis needs at least 100 held-out samples.",
                {"real": real[0].shape, "num_samples": num_samples},
                "Some thousands are best.",
            )
        order = np.random.default_rng(seed).permutation(len(real[0]))
        self.real = take(real, order[:num_samples])
        self.mixture = mixture
        self.features = features or (lambda x: x)
        self.seed = seed
        self._points = as_points(self.features(self.real[0]), "features")
        # At the radius that this chooses, the real samples are measured only once.
        self._birthdays = birthday_test(self._points, self._points)
        self._copies = None
        if train is not None:
            train = as_inputs(train, "train")[0]
            self._copies = CopyTest(self.features(train), self._points)
            self._copies.check(len(self._points))
        self._warned = set()

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        _check_watchable(self.model)
        check_judges_samples(self.model)
        of_game(self.model, self.real)  # raises before the training

    def measure(self, step):
        gan = self.model
        real = of_game(gan, self.real)
        fake = gan.generate(len(real[0]), *real[1:], seed=self.seed)
        if not np.isfinite(fake).all():
            self._warn(
                "divergence",
                f"At step {step} samples are not finite: the game diverged.",
            )
            return {}
        points = as_points(self.features(fake), "features")
        birthdays = birthday_test(points, radius=self._birthdays.radius)
        support = birthdays.support / self._birthdays.real_support
        density, coverage = density_and_coverage(self._points, points)
        scores = {
            "value": value(
                logits(gan.discriminator, real),
                logits(gan.discriminator, [fake, *real[1:]]),
            ),
            "density": density,
            "coverage": coverage,
            "relative_support": support,
        }
        if step >= WARM_UP and (is_collapsed(density, coverage) or support < POINT):
            self._warn(
                "collapse",
                f"At step {step} the samples reach only {coverage:.0%} of the real "
                "data's neighbourhoods: the generator collapses. R1, packing or a "
                "relativistic loss may help.",
            )
        if self._copies is not None:
            found = self._copies(points)
            scores["copies"] = found.copies
            if step >= WARM_UP and found.fires():
                self._warn(
                    "copies",
                    f"At step {step} the samples lie nearer to the training set than "
                    "held-out real ones do: the generator copies. More data or "
                    "augmentation may help.",
                )
        if self.mixture is not None:
            modes = mode_coverage(fake, self.mixture.centres, self.mixture.sigma)
            scores["modes"] = float(modes.modes)
            scores["quality"] = modes.quality
            scores["reverse_kl"] = modes.reverse_kl
        return scores

    def _warn(self, kind, text):
        """Warns once of each kind."""
        if kind not in self._warned:
            self._warned.add(kind)
            warnings.warn(text, stacklevel=2)


def _check_watchable(model):
    """Checks that a discriminator judges samples of one tensor, or with labels."""
    judging = getattr(model, "judging", None)
    judged = [] if judging is None else list(judging.roles)
    if judging is None or not set(judged) <= {"sample", "label", "z"}:
        raise invalid(
            "A game is diagnosed by a discriminator of samples, alone or with labels.",
            {"model": type(model).__name__, "discriminator takes": judged},
            "Judge the samples by `kgan.callbacks.Evaluate`.",
        )
