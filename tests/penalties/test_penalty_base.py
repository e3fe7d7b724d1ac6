import pytest

from kgan import penalties


@pytest.mark.parametrize("options", [{"weight": -1.0}, {"weight": float("nan")}])
def test_weight_must_not_be_negative(options):
    with pytest.raises(ValueError, match="`weight` must be 0 or more"):
        penalties.R1(**options)


@pytest.mark.parametrize("interval", [0, -1, 1.5])
def test_interval_must_be_a_positive_integer(interval):
    with pytest.raises(ValueError, match="`interval` must be a positive integer"):
        penalties.R1(interval=interval)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="gradient_penalty.*r1"):
        penalties.get("r9")
