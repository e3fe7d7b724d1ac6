"""The schedule, by hand; it needs no TensorFlow training."""

import pytest

from kgan.schedules.growth import Growth, index_at

GROWTH = Growth(100, 60, batch_size=8, batch_sizes={8: 4}, learning_rates={16: 0.002})


def test_phases_in_steps():
    """60/8 is rounded up; 8×8 and above use batches of 4."""
    phases = GROWTH.phases([4, 8, 16])
    table = [(p.size, p.fading, p.batch_size, p.start, p.steps) for p in phases]
    assert table == [
        (4, False, 8, 0, 8),
        (8, True, 4, 8, 25),
        (8, False, 4, 33, 15),
        (16, True, 4, 48, 25),
        (16, False, 4, 73, 15),
    ]
    steps = (0, 7, 8, 32, 33, 73, 1000)
    assert [index_at(phases, step) for step in steps] == [0, 0, 1, 1, 2, 4, 4]


def test_the_fade_starts_at_0_and_the_steady_phase_is_at_1():
    steady, fade, later = GROWTH.phases([4, 8])
    assert [steady.alpha(3), fade.alpha(8), fade.alpha(18)] == [1.0, 0.0, 0.4]
    assert later.alpha(33) == later.alpha(40) == 1.0


def test_a_stage_starts_with_its_fade():
    phases = GROWTH.phases([4, 8])
    starts = [
        step for step in range(60) if phases[index_at(phases, step)].starts_stage(step)
    ]
    assert starts == [0, 8]


def test_json_turns_resolutions_into_strings():
    config = GROWTH.get_config()
    assert list(config["batch_sizes"]) == ["8"]
    assert Growth.from_config(config).phases([4, 8]) == GROWTH.phases([4, 8])


@pytest.mark.parametrize(
    "options", [{"fade_images": 0}, {"batch_size": 8, "batch_sizes": {32: 3}}]
)
def test_impossible_schedules_are_refused(options):
    with pytest.raises(ValueError, match="Received"):
        Growth(**options)
