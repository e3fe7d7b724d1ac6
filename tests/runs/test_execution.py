"""What `strategy`, `devices` and the cluster ask for; without TensorFlow."""

import pytest

from kgan.runs.cluster import Cluster
from kgan.runs.execution import DEFAULTS, choose

ALONE, PAIR = Cluster(), Cluster(workers=2, is_chief=False)
MIRRORED = {**DEFAULTS, "strategy": "mirrored", "devices": 2}


@pytest.mark.parametrize(
    ("options", "cluster", "before", "strategy", "devices"),
    [
        ({}, ALONE, None, "none", None),
        ({"devices": 2}, ALONE, None, "mirrored", 2),
        ({"strategy": "mirrored"}, ALONE, None, "mirrored", None),
        ({}, PAIR, None, "multiworker", None),
        ({}, ALONE, MIRRORED, "mirrored", 2),
        ({"strategy": "none"}, ALONE, MIRRORED, "none", None),
        ({}, ALONE, {"strategy": "multiworker", "workers": 2}, "none", None),
    ],
)
def test_choice(options, cluster, before, strategy, devices):
    execution = choose(options, cluster, before)
    assert (execution["strategy"], execution["devices"]) == (strategy, devices)
    assert execution["workers"] == cluster.workers


@pytest.mark.parametrize(
    ("options", "cluster", "message"),
    [
        ({"strategy": "multiworker"}, ALONE, "kgan launch --workers 2"),
        ({"strategy": "mirrored"}, PAIR, "unset TF_CONFIG"),
        ({"strategy": "none", "devices": 2}, ALONE, "`--devices` is for"),
    ],
)
def test_contradictions(options, cluster, message):
    with pytest.raises(ValueError, match=message):
        choose(options, cluster)
