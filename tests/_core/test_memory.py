import pytest

from kgan._core.memory import check_memory, memory


def test_what_does_not_fit_is_told_before_it_is_allocated():
    check_memory(0, {})
    check_memory(2**20, {"n": 1})
    with pytest.raises(
        ValueError, match="must fit into memory.* 1,000,000,000 GB.*\n.*n=3"
    ):
        check_memory(10**18, {"n": 3})
    assert 2**28 < memory() < 10**18
