"""What `--strategy`, `--devices` and TF_CONFIG ask for; without TensorFlow."""

import json

import pytest

from kgan.cli.cluster import Cluster, read_cluster
from kgan.cli.runtime import DEFAULTS, choose, parse_devices

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
    runtime = choose(options, cluster, before)
    assert (runtime["strategy"], runtime["devices"]) == (strategy, devices)
    assert runtime["workers"] == cluster.workers


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


def test_devices():
    assert parse_devices(None) is None
    assert parse_devices("2") == 2
    assert parse_devices("gpu:0, gpu:2") == ["gpu:0", "gpu:2"]
    for text in ("0", "two", "0,1", "-1"):
        with pytest.raises(ValueError, match="a number of devices, or names"):
            parse_devices(text)


@pytest.mark.parametrize(
    ("config", "cluster"),
    [
        ("", ALONE),
        ("{}", ALONE),
        ({"cluster": {"worker": ["a:1"]}}, ALONE),
        (
            {
                "cluster": {"worker": ["a:1", "b:1"]},
                "task": {"type": "worker", "index": 1},
            },
            PAIR,
        ),
        (
            {
                "cluster": {"chief": ["a:1"], "worker": ["b:1"]},
                "task": {"type": "worker", "index": 0},
            },
            PAIR,
        ),
        (
            {
                "cluster": {"worker": ["a:1", "b:1"]},
                "task": {"type": "worker", "index": "0"},
            },
            Cluster(workers=2),
        ),
    ],
)
def test_cluster(config, cluster, monkeypatch):
    text = config if isinstance(config, str) else json.dumps(config)
    monkeypatch.setenv("TF_CONFIG", text)
    assert read_cluster() == cluster


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
    ],
)
def test_unreadable_cluster(text, monkeypatch):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(ValueError, match="TF_CONFIG must be JSON"):
        read_cluster()
