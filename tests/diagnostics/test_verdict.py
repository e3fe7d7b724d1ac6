import numpy as np
import pytest

from kgan.diagnostics import DualityGap, EquilibriumReport, OptimalDiscriminator
from kgan.diagnostics.verdict import decide

GOOD = {
    "accuracy": 0.51,
    "chance": 0.52,
    "own_accuracy": 0.55,
    "gap": DualityGap(value=-1.38, worst=-1.37, best=-1.39, perturbed=False),
    "max_gap": 0.1,
    "stable": True,
    "density": 1.0,
    "coverage": 1.0,
    "relative_support": 1.0,
}
FRESH = OptimalDiscriminator(None, -1.38, 0.51, np.zeros(99), np.zeros(99))
WIDE = DualityGap(value=-1.3, worst=-0.7, best=-1.3, perturbed=False)
RUNAWAY = DualityGap(value=-1.3, worst=0.0, best=-9.0, perturbed=False)


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        ({}, "near equilibrium", "51.0% right, where chance reaches 52.0%"),
        ({"stable": None}, "near equilibrium", "not checked, for want of a history"),
        ({"accuracy": 0.6}, "still moving", "right in 60.0% of cases"),
        ({"gap": WIDE}, "still moving", "can still gain 0.600, more than 0.1"),
        ({"stable": False}, "still moving", "not stood still"),
        ({"coverage": 0.5}, "collapsed", "only 50% of the real data"),
        (
            {"coverage": 0.5, "accuracy": 0.6, "steps": 100},
            "still moving",
            "only 50% of the real data",
        ),
        (
            {"own_accuracy": 0.99, "accuracy": 0.99},
            "discriminator overpowered",
            "99.0%",
        ),
        ({"accuracy": 0.99, "gap": RUNAWAY}, "diverged", "gains 9"),
        ({"accuracy": 0.99, "distance": 4.0}, "diverged", "4 times as far out"),
        ({"accuracy": 0.99, "gap": RUNAWAY, "steps": 100}, "still moving", "Train on"),
        (
            {
                "accuracy": 1.0,
                "density": 0.0,
                "coverage": 0.0,
                "relative_support": 0.01,
            },
            "collapsed",
            "only 0%",
        ),
    ],
)
def test_table(change, verdict, words):
    numbers = GOOD | change
    steps = numbers.pop("steps", 1000)
    report = EquilibriumReport(decide(steps, **numbers), fresh=FRESH, **numbers)
    assert report.verdict == verdict
    assert words in report.sentence
    assert report.summary().startswith(report.sentence)
    assert report.to_dict()["fresh"]["total_variation"] == pytest.approx(0.02)


def test_a_weak_fit_with_an_accurate_discriminator_is_not_collapse():
    """Samples off the data cover nothing, but for another reason."""
    numbers = GOOD | {"accuracy": 0.8, "density": 0.2, "coverage": 0.3}
    assert decide(1000, **numbers) == "still moving"
