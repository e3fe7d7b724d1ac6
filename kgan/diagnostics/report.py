import dataclasses
import math

from kgan.diagnostics.duality_gap import DualityGap
from kgan.diagnostics.optimal_discriminator import OptimalDiscriminator
from kgan.diagnostics.verdict import COVERED, FAR, Verdict


@dataclasses.dataclass(frozen=True)
class EquilibriumReport:
    """A verdict and the numbers that it rests on.

    The numbers are None where samples or logs were not finite.

    Attributes:
        verdict: `"near equilibrium"`, `"still moving"`, `"collapsed"`, `"diverged"` or
            `"discriminator overpowered"`; a string and an enumeration.
        accuracy: Of a fresh discriminator on held-out samples.
        chance: The largest accuracy that passes for chance.
        fresh: That `OptimalDiscriminator`.
        own_accuracy: Of the game's own discriminator, for comparison.
        gap: The `DualityGap`.
        max_gap: The largest gap that passes.
        stable: Whether the losses stood still; None without a history.
        density: How densely samples lie on real ones; 1 for equal distributions.
        coverage: Share of the real samples' neighbourhoods that samples reach; 1 for
            equal distributions, m/K where m of K modes are left.
        relative_support: Of the birthday test: the finest scale, 1 for equal
            distributions.
        distance: How far samples lie from the middle of the real ones, at the median,
            where 1 is the farthest real sample.
    """

    verdict: Verdict
    accuracy: float | None = None
    chance: float | None = None
    fresh: OptimalDiscriminator | None = dataclasses.field(default=None, repr=False)
    own_accuracy: float | None = None
    gap: DualityGap | None = None
    max_gap: float | None = None
    stable: bool | None = None
    density: float | None = None
    coverage: float | None = None
    relative_support: float | None = None
    distance: float | None = None

    @property
    def sentence(self):
        """The verdict in plain words."""
        if self.gap is None:
            return (
                "Diverged: the samples or the logs hold numbers that are not finite. "
                "Go back to an earlier checkpoint, with lower learning rates."
            )
        return _SENTENCES[self.verdict](self)

    def rows(self):
        """Returns the numbers as texts: name, what was seen, what is at equilibrium."""
        if self.gap is None:
            return []
        yes_no = {True: "yes", False: "no", None: "not checked"}
        fresh = self.fresh
        rows = [
            ("fresh discriminator's accuracy", self.accuracy, f"≤ {self.chance:.3f}"),
            ("its value V", fresh.value, f"{-math.log(4):.3f}"),
            ("Jensen–Shannon divergence", fresh.jensen_shannon, "0"),
            ("total variation", fresh.total_variation, "0"),
            ("duality gap", self.gap.gap, f"≤ {self.max_gap:g}"),
            ("losses stood still", yes_no[self.stable], "yes"),
            ("own discriminator's accuracy", self.own_accuracy, ""),
            ("density", self.density, "about 1"),
            ("coverage", self.coverage, "about 1"),
            ("relative support", self.relative_support, "about 1"),
        ]
        if self.distance is not None:
            rows.append(("distance from the middle", self.distance, "under 1"))
        return [
            (name, seen if isinstance(seen, str) else f"{seen:.3f}", expected)
            for name, seen, expected in rows
        ]

    def summary(self):
        """Returns the sentence and a table of the numbers, as text."""
        return "\n".join([self.sentence, *table(self.rows())])

    def to_dict(self):
        """Returns the verdict and all numbers as JSON-ready values."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        values |= {"verdict": str(self.verdict), "sentence": self.sentence}
        if self.gap is not None:
            values["gap"] = dataclasses.asdict(self.gap) | {"gap": self.gap.gap}
            values["fresh"] = {
                "value": self.fresh.value,
                "jensen_shannon": self.fresh.jensen_shannon,
                "total_variation": self.fresh.total_variation,
            }
        return values


def table(rows):
    """Returns the lines of a table of `EquilibriumReport.rows`."""
    lines = ["", f"{'':32}{'seen':>12}  at equilibrium"] if rows else []
    for name, seen, expected in rows:
        lines.append(f"{name:32}{seen:>12}  {expected}".rstrip())
    return lines


def _near_equilibrium(report):
    stable = (
        "whether the losses stand still was not checked, for want of a history"
        if report.stable is None
        else "the losses stand still"
    )
    return (
        "Near equilibrium: a fresh discriminator cannot tell samples from real data "
        f"({report.accuracy:.1%} right, where chance reaches {report.chance:.1%}), "
        f"neither player gains more than {report.gap.gap:.3f} by moving alone, and "
        f"{stable}."
    )


def _still_moving(report):
    reasons = []
    if report.accuracy > report.chance:
        reasons.append(
            f"a fresh discriminator is right in {report.accuracy:.1%} of cases, where "
            f"chance reaches {report.chance:.1%}"
        )
    if report.gap.gap > report.max_gap:
        reasons.append(
            f"a player that moves alone can still gain {report.gap.gap:.3f}, more than "
            f"{report.max_gap:g}"
        )
    if report.coverage < COVERED:
        reasons.append(
            f"the samples reach only {report.coverage:.0%} of the real data's "
            "neighbourhoods"
        )
    if report.stable is False:
        reasons.append("the losses have not stood still for 10 entries of the history")
    return f"Still moving: {'; '.join(reasons)}. Train on."


def _collapsed(report):
    return (
        f"Collapsed: the samples reach only {report.coverage:.0%} of the real data's "
        "neighbourhoods. Go back to an earlier checkpoint; R1, packing or a "
        "relativistic loss may help."
    )


def _diverged(report):
    far = ""
    if report.distance is not None and report.distance > FAR:
        far = f" and samples lie {report.distance:.3g} times as far out as any real one"
    return (
        f"Diverged: a fresh discriminator is right in {report.accuracy:.1%} of cases, "
        "and the game's own no longer guides the generator: a player that moves alone "
        f"gains {report.gap.gap:.3g}{far}. Go back to an earlier checkpoint; train the "
        "discriminator more, or lower the learning rates."
    )


def _discriminator_overpowered(report):
    return (
        "Discriminator overpowered: the game's own discriminator is right in "
        f"{report.own_accuracy:.1%} of cases and leaves the generator little to learn "
        "from. Train it less, or penalise it, as R1 does."
    )


_SENTENCES = {
    Verdict.NEAR_EQUILIBRIUM: _near_equilibrium,
    Verdict.STILL_MOVING: _still_moving,
    Verdict.COLLAPSED: _collapsed,
    Verdict.DIVERGED: _diverged,
    Verdict.DISCRIMINATOR_OVERPOWERED: _discriminator_overpowered,
}
