import math

import numpy as np
import pytest

import kgan
from kgan.diagnostics import class_coverage, mode_coverage

INSIDE = 1 - math.exp(-4.5)  # share of a Gaussian of the plane within 3 sigma


@pytest.mark.parametrize("mixture", [kgan.data.ring(), kgan.data.grid()])
@pytest.mark.parametrize("share", [1.0, 0.5, 0.0])
def test_figures_of_samplers_that_miss_modes(mixture, share):
    """m of K equal modes: m modes, quality 1 - e^-4.5, reverse KL log(K / m)."""
    total = len(mixture.centres)
    left = max(1, int(share * total))
    samples = mixture.sample(2500, seed=3, modes=np.arange(left))
    found = mode_coverage(samples, mixture.centres, mixture.sigma)
    assert (found.modes, found.num_modes) == (left, total)
    assert found.quality == pytest.approx(INSIDE, abs=0.01)
    # With finite samples the KL is above by about (m - 1) / 2N.
    assert found.reverse_kl == pytest.approx(math.log(total / left), abs=0.01)


def test_counts_by_hand():
    centres = np.array([[0.0, 0.0], [10.0, 0.0]])
    samples = np.array([[0.0, 2.9], [0.0, 3.1], [10.0, 0.0], [5.0, 0.0]] + [[0, 0]] * 6)
    found = mode_coverage(samples, centres, sigma=1.0)
    assert found.counts.tolist() == [7, 1]
    assert found.quality == 0.8
    expected = 7 / 8 * math.log(7 / 4) + 1 / 8 * math.log(1 / 4)
    assert found.reverse_kl == pytest.approx(expected)


def test_classes_by_hand():
    found = class_coverage([0, 0, 1, 1], num_classes=4)
    assert (found.modes, found.quality) == (2, 1.0)
    assert found.reverse_kl == pytest.approx(math.log(2))


def test_samples_of_no_mode():
    found = class_coverage([-1, -1], num_classes=3)
    assert (found.modes, found.quality) == (0, 0.0)
    assert math.isnan(found.reverse_kl)


def test_refuses_centres_of_another_dimension():
    with pytest.raises(ValueError, match=r"centres=\(8, 2\), samples=\(10, 3\)"):
        mode_coverage(np.zeros((10, 3)), kgan.data.ring().centres, 0.01)


def test_refuses_classes_that_do_not_exist():
    with pytest.raises(ValueError, match="num_classes=2"):
        class_coverage([0, 2], num_classes=2)
