import pytest

from kgan._core.errors import one_of


def test_a_known_value_is_given_back():
    assert one_of("layout", "nchw", ("nhwc", "nchw")) == "nchw"
    assert one_of("kind", "b", {"a": 1, "b": 2}) == "b"


def test_an_unknown_one_is_told_with_those_known():
    rule = "`layout` must be one of nhwc, nchw.\nReceived: layout='x'. "
    with pytest.raises(ValueError, match=rule + "Use nhwc."):
        one_of("layout", "x", ("nhwc", "nchw"))
    with pytest.raises(ValueError, match=r"Received: layout=\[\]. Leave it out."):
        one_of("layout", [], {"nhwc": 0, "nchw": 1}, "Leave it out.")
