"""What `TF_CONFIG` says of the workers; without TensorFlow."""

import json

import pytest

from kgan.runs.cluster import Cluster, read_cluster

ALONE, PAIR = Cluster(), Cluster(workers=2, is_chief=False)


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
