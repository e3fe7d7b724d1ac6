"""`fit` beside a loop by hand: a guard against what makes every step slower."""

import pytest

from benchmarks.train_step import race


@pytest.mark.slow
def test_fit_is_about_as_fast_as_a_loop_by_hand():
    """Nobody should leave `fit` for speed: `benchmarks/train_step.py` measures it.

    A machine that others use at the same time slows one side of a round or the other.
    So the best round counts, and only a clear loss fails: the benchmark, on a quiet
    machine, tells what `fit` costs.
    """
    rates = race(steps=20, rounds=7)
    assert max(rates["kgan fit"] / rates["by hand"]) > 0.85
