import numpy as np
import pytest

from kgan.diagnostics.stability import is_stable

FLAT = [1.0] * 12


@pytest.mark.parametrize(
    ("losses", "stable"),
    [
        (FLAT, True),
        ([9.0] * 5 + [1.0] * 10, True),  # the past is forgotten
        (np.linspace(1.0, 1.3, 10), False),  # halves differ by 0.167
        (np.linspace(1.0, 1.1, 10), True),  # by 0.056
        ([0.7, 1.3] * 5, False),  # no drift, but a spread of 0.3
        ([0.9, 1.1] * 5, True),
        ([1.0] * 9, False),  # too short
        ([1.0] * 9 + [np.inf], False),
    ],
)
def test_by_hand(losses, stable):
    assert is_stable({"d_loss": list(losses), "g_loss": FLAT}) is stable
    assert is_stable({"d_loss": FLAT, "g_loss": list(losses)}) is stable
