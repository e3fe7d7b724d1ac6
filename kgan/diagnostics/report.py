import dataclasses

from kgan.diagnostics.duality_gap import DualityGap
from kgan.diagnostics.verdict import Verdict


@dataclasses.dataclass(frozen=True)
class EquilibriumReport:
    """A verdict and the numbers that it rests on.

    The numbers are None where samples or logs were not finite.

    Attributes:
        verdict: `"near equilibrium"`, `"still moving"`, `"collapsed"`, `"diverged"` or
            `"discriminator overpowered"`; a string and an enumeration.
        accuracy: Of a fresh discriminator on held-out samples.
        chance: The largest accuracy that passes for chance.
        own_accuracy: Of the game's own discriminator, for comparison.
        gap: The `DualityGap`.
        max_gap: The largest gap that passes.
        stable: Whether the losses stood still; None without a history.
        density: How densely samples lie on real ones; 1 for equal distributions.
        coverage: Share of the real samples' neighbourhoods that samples reach; 1 for
            equal distributions, m/K where m of K modes are left.
        relative_support: Of the birthday test: the finest scale, 1 for equal
            distributions.
    """

    verdict: Verdict
    accuracy: float | None = None
    chance: float | None = None
    own_accuracy: float | None = None
    gap: DualityGap | None = None
    max_gap: float | None = None
    stable: bool | None = None
    density: float | None = None
    coverage: float | None = None
    relative_support: float | None = None

    @property
    def sentence(self):
        """The verdict in plain words."""
        if self.gap is None:
            return (
                "Diverged: the samples or the logs hold numbers that are not finite. "
                "Go back to an earlier checkpoint, with lower learning rates."
            )
        return _SENTENCES[self.verdict](self)

    def summary(self):
        """Returns the sentence and a table of the numbers, as text."""
        if self.gap is None:
            return self.sentence
        yes_no = {True: "yes", False: "no", None: "not checked"}
        rows = [
            ("fresh discriminator's accuracy", self.accuracy, f"≤ {self.chance:.3f}"),
            ("duality gap", self.gap.gap, f"≤ {self.max_gap:g}"),
            ("losses stood still", yes_no[self.stable], "yes"),
            ("own discriminator's accuracy", self.own_accuracy, ""),
            ("density", self.density, "about 1"),
            ("coverage", self.coverage, "about 1"),
            ("relative support", self.relative_support, "about 1"),
        ]
        lines = [self.sentence, "", f"{'':32}{'seen':>12}  at equilibrium"]
        for name, seen, expected in rows:
            text = seen if isinstance(seen, str) else f"{seen:.3f}"
            lines.append(f"{name:32}{text:>12}  {expected}".rstrip())
        return "\n".join(lines)

    def to_dict(self):
        """Returns everything as JSON-ready values."""
        values = {"verdict": str(self.verdict), "sentence": self.sentence}
        values |= dataclasses.asdict(self) | values
        if self.gap is not None:
            values["gap"]["gap"] = self.gap.gap
        return values


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
    return (
        f"Diverged: a fresh discriminator is right in {report.accuracy:.1%} of cases, "
        "and the game's own no longer guides the generator: a player that moves alone "
        f"gains {report.gap.gap:.3g}. Go back to an earlier checkpoint; train the "
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
