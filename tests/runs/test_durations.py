"""Where the time of a run goes: every second belongs to one part."""

import json

import pytest

from kgan.runs import durations
from kgan.runs.durations import FEATURES, SCORES, STARTUP, TRAINING, Durations


def test_every_second_belongs_to_the_part_that_is_going_on(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(durations.time, "perf_counter", lambda: now[0])

    def pass_by(seconds):
        now[0] += seconds

    clock = Durations()
    pass_by(2)
    with clock.during(FEATURES):
        pass_by(5)
    pass_by(1)
    with pytest.raises(KeyError), clock.during(SCORES):
        pass_by(10)
        raise KeyError
    pass_by(1)
    clock.turn_to(TRAINING)
    pass_by(100)
    # In the order of a run, not in that of their first second.
    expected = [(STARTUP, 4), (FEATURES, 5), (TRAINING, 100), (SCORES, 10)]
    assert list(clock.seconds.items()) == expected
    pass_by(1)
    assert clock.seconds[TRAINING] == 101


def test_a_run_tells_its_durations(small_run):
    found = small_run.outcome.durations
    assert {STARTUP, FEATURES, TRAINING, SCORES} <= found.keys()
    assert all(seconds > 0 for seconds in found.values())
    # Tracing the first step takes longer than the others do.
    assert found[STARTUP] > found[TRAINING]
    assert sum(found.values()) >= small_run.outcome.seconds
    saved = json.loads((small_run.path / "report.json").read_text())["durations"]
    assert saved[TRAINING] == found[TRAINING]
    assert "Where the time went" in small_run.report.read_text()
